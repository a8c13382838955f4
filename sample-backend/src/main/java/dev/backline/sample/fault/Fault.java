package dev.backline.sample.fault;

import dev.backline.sample.web.PendingAnswer;
import io.vertx.core.json.JsonObject;

/**
 * One way to misbehave, from when it is put until it is removed.
 *
 * <p>Owned by the event loop.
 */
public sealed interface Fault
    permits DelayFault,
        HangFault,
        CrashFault,
        CloseFault,
        ResetFault,
        StatusFault,
        HealthFault,
        KeepAliveFault,
        TrickleFault,
        TruncateFault,
        FramingFault {
  Scope scope();

  /** The parameters in effect, defaults filled in. */
  JsonObject parameters();

  /** Does it to this answer, and calls {@code next}, now or later, if the answer is to go on. */
  void act(PendingAnswer answer, Runnable next);

  /** Lets go of what it holds. */
  default void removed() {}
}
