package dev.backline.balancer.control;

import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Registration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Takes the words of backends that register themselves. Any thread may call. */
@FunctionalInterface
public interface Registrar {

  /** What becomes of an offer. */
  sealed interface Answer {}

  /**
   * It holds.
   *
   * @param isFirst whether it is the incarnation's first here: then its secret is the offered one
   */
  record Accepted(Registration registration, boolean isFirst) implements Answer {}

  /** The backend has said something newer already, perhaps through another member. */
  record Older(long incarnation, long sequence) implements Answer {}

  /** The incarnation registered another address, and the offer lacks its secret. */
  record Elsewhere(BackendId registered) implements Answer {}

  /** The pool has as many as it takes. */
  record Full(int backends) implements Answer {}

  /** Its backends don't register themselves, or no longer. */
  record NoRegistration() implements Answer {}

  /**
   * Offers a backend's word.
   *
   * @param presentedDigest of the secret that came with it; {@code null}: none came
   * @return comes when this member's snapshot has it
   */
  CompletionStage<Answer> offer(Registration registration, @Nullable String presentedDigest);
}
