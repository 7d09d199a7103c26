# SPDX-License-Identifier: MIT OR Apache-2.0
"""What Perfetto made of a timeline: its tables of slices, counters, arrows, and of what went wrong."""

from dataclasses import dataclass

from timelines.rpc import Session
from timelines.webassembly import Program

SLICES = """
select s.id, s.parent_id parent, s.ts, s.dur, s.name, s.category, s.arg_set_id args, coalesce(p.name, tp.name) process,
  coalesce(t.name, th.name) lane
from slice s join track t on s.track_id = t.id
left join process_track pt on pt.id = t.id left join process p on pt.upid = p.upid
left join thread_track tt on tt.id = t.id left join thread th on tt.utid = th.utid
left join process tp on th.upid = tp.upid order by s.ts, s.depth"""
SLICE_KEYS = ["id", "parent", "ts", "dur", "name", "category", "args", "process", "lane"]
ARGS = "select arg_set_id, key, display_value from args order by arg_set_id, id"
COUNTERS = "select t.name, c.ts, c.value from counter c join counter_track t on c.track_id = t.id order by c.ts"
FLOWS = "select slice_out, slice_in from flow"
# Of Perfetto's own counts those that say that something went wrong.
STATS = "select name, value from stats where value > 0 and severity in ('error', 'data_loss')"


@dataclass(frozen=True)
class Format:
    """`args` is what Perfetto puts before the names of arguments, `origin` what it takes for the time 0, in nanoseconds."""

    name: str
    file: str
    args: str
    origin: int
    is_json: bool


class Trace:
    """Every row of it, with times in nanoseconds of Unix and the arguments at the slices."""

    def __init__(self, program: Program, content: bytes, format: Format) -> None:
        session = Session(program, content)
        arguments: dict[int, dict] = {}
        for number, key, value in session.query(ARGS):
            arguments.setdefault(number, {})[key.removeprefix(format.args)] = value
        self.slices = [dict(zip(SLICE_KEYS, row)) for row in session.query(SLICES)]
        for one in self.slices:
            one["ts"] += format.origin
            one["args"] = arguments.get(one["args"], {})
        self.by_id = {one["id"]: one for one in self.slices}
        self.counters = [(name, ts + format.origin, value) for name, ts, value in session.query(COUNTERS)]
        self.flows = session.query(FLOWS)
        self.problems = session.query(STATS)
