// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// Spans of tasks that run at the same time, on the clock.
enum SampleTasks {
    static func run() async {
        await withSpan("tasks", target: "sample.tasks") {
            await withTaskGroup { group in
                for task in 0..<8 {
                    group.addTask {
                        await withSpan("task", target: "sample.tasks", [Field("number", task)]) {
                            for step in 0..<3 {
                                await withSpan("step", target: "sample.tasks", [Field("step", step)]) {
                                    withSpan("work", target: "sample.tasks") { event("working", level: .debug) }
                                    try? await Task.sleep(for: .milliseconds(1))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
