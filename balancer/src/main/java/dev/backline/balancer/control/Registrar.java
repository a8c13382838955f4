package dev.backline.balancer.control;

import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.IpAddress;
import dev.backline.balancer.model.Registration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Takes the words of backends that register themselves. Any thread may call. */
@FunctionalInterface
public interface Registrar {

  /**
   * A backend's word, as it came.
   *
   * @param presentedDigest of the secret that came with it; {@code null}: none came
   * @param caller where it came from
   */
  record Offer(Registration registration, @Nullable String presentedDigest, IpAddress caller) {}

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

  /** It withdraws what somebody else registered; the words say who may. */
  record NotYours(String words) implements Answer {}

  /** It withdraws what nobody registered. */
  record Unknown() implements Answer {}

  /** The pool has as many as it takes. */
  record Full(int backends) implements Answer {}

  /** Its backends don't register themselves, or no longer. */
  record NoRegistration() implements Answer {}

  /**
   * Offers a backend's word.
   *
   * @return comes when this member's snapshot has it
   */
  CompletionStage<Answer> offer(Offer offer);
}
