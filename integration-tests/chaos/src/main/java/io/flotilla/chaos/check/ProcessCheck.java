package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Event.LogComplaint;
import io.flotilla.chaos.history.Event.NodeExited;
import io.flotilla.chaos.history.Event.NodeStarted;

/** C21: brokers end only when something explains it, and never write what no broker should ever write. */
final class ProcessCheck implements Check {
    private final Violations violations;

    ProcessCheck(Violations violations) {
        this.violations = violations;
    }

    @Override
    public void see(Event event) {
        if (event instanceof NodeStarted) {
            violations.judged(CheckId.C21);
        } else if (event instanceof NodeExited exited) {
            violations.judged(CheckId.C21);
            if (!exited.expected()) {
                violations.add(
                        CheckId.C21,
                        exited.nanos(),
                        "node " + exited.node() + " ended with code " + exited.code() + ", which nothing explains");
            }
        } else if (event instanceof LogComplaint complaint) {
            violations.add(CheckId.C21, complaint.nanos(), "node " + complaint.node() + " wrote: " + complaint.line());
        }
    }
}
