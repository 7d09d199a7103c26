# Vitrine. `just` lists the recipes; the longer ones are scripts in Tools/recipes.

set shell := ["bash", "-euo", "pipefail", "-c"]
set positional-arguments

recipes := justfile_directory() / "Tools/recipes"
checks := justfile_directory() / "Tools/checks"

[private]
default:
    @'{{ just_executable() }}' --justfile '{{ justfile() }}' --list --unsorted

# Build the guests and run the demonstration
[group('run')]
[no-exit-message]
demo:
    @'{{ recipes }}/demo.sh'

# Run an example program: just example NAME [ARGS]
[group('run')]
[no-exit-message]
example +arguments:
    @'{{ recipes }}/example.sh' "$@"

# Run the benchmarks, all or by name; figures go to .build/bench.jsonl
[group('run')]
[no-exit-message]
bench *names:
    @'{{ recipes }}/bench.sh' "$@"

# Read a guest's trace file: just trace-dump SYMBOLS TRACE COMMAND
[group('run')]
[no-exit-message]
trace-dump *arguments:
    @'{{ recipes }}/trace-dump.sh' "$@"

# Build the guests: just build-guests [debug|release] [TRAIT,TRAIT|none]
[group('build')]
[no-exit-message]
build-guests profile="debug" traits="":
    @'{{ recipes }}/build-guests.sh' "$@"

# Copy the built guests to Guests/bin: just move-guests [debug|release]
[group('build')]
[no-exit-message]
move-guests profile="debug":
    @'{{ recipes }}/move-guests.sh' "$@"

# Make the C code of OTLP's messages from its .proto files: just generate-otlp [--check]
[group('build')]
[no-exit-message]
generate-otlp *arguments:
    @'{{ recipes }}/generate-messages.sh' COTLP google opentelemetry "$@"

# Make the C code of Perfetto's messages from their .proto files: just generate-perfetto [--check]
[group('build')]
[no-exit-message]
generate-perfetto *arguments:
    @'{{ recipes }}/generate-messages.sh' CPerfetto perfetto "$@"

# Remove what builds and recordings left behind
[group('build')]
[no-exit-message]
clean:
    @'{{ recipes }}/clean.sh'

# Run the tests of every package and count them
[group('test')]
[no-exit-message]
test:
    @'{{ recipes }}/test.sh'

# Run the examples against real receivers of telemetry and compare what these got
[group('test')]
[no-exit-message]
test-integration *arguments:
    @'{{ recipes }}/test-integration.sh' "$@"

# Of these the part in which the real Perfetto reads timelines of the package Exporters
[group('test')]
[no-exit-message]
check-perfetto:
    @'{{ recipes }}/test-integration.sh' --only timelines

# Run both, and count them together
[group('test')]
[no-exit-message]
test-all:
    @'{{ recipes }}/test.sh' --with-integration

# Run the tests of one package: just test-package Host [ARGS of swift test]
[group('test')]
[no-exit-message]
test-package name *arguments:
    @'{{ recipes }}/test-package.sh' "$@"

# Fuzz the decoders, 60 seconds a target: just fuzz [SECONDS] [TARGET…]
[group('test')]
[no-exit-message]
fuzz seconds="60" *targets:
    @'{{ recipes }}/fuzz.sh' "$@"

# Emit 50,000 spans a second while the receiver is down: just storm [SECONDS] [ARGS of otlp-storm]
[group('test')]
[no-exit-message]
storm *arguments:
    @'{{ recipes }}/storm.sh' "$@"

# Run every check below
[group('check')]
[no-exit-message]
check:
    @'{{ checks }}/all.sh'

# Check the format of every Swift file
[group('check')]
[no-exit-message]
check-format:
    @'{{ checks }}/format.sh'

# Check that every manifest holds the same strict settings and uses them
[group('check')]
[no-exit-message]
check-manifests:
    @'{{ checks }}/manifests.py'

# Check that dependencies and imports follow the arrows of the architecture
[group('check')]
[no-exit-message]
check-arrows:
    @'{{ checks }}/arrows.py'

# Check that unsafe code stands in listed files, under a safety comment
[group('check')]
[no-exit-message]
check-unsafe:
    @'{{ checks }}/unsafe_code.py'

# Check lengths, licence lines, names and words of the source files
[group('check')]
[no-exit-message]
check-files:
    @'{{ checks }}/files.py'

# Check the shell scripts, and how bootstrap refuses a machine
[group('check')]
[no-exit-message]
check-scripts:
    @'{{ checks }}/scripts.sh'

# Check that the wire format compiles in Embedded Swift
[group('check')]
[no-exit-message]
check-embedded:
    @'{{ justfile_directory() }}/Packages/Formats/check-embedded.sh'

# Check that the links between the documents lead somewhere
[group('check')]
[no-exit-message]
docs-links:
    @'{{ checks }}/links.py'

# Format every Swift file in place
[group('check')]
[no-exit-message]
format:
    @'{{ checks }}/format.sh' --in-place
