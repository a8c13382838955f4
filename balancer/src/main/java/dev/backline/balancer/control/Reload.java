package dev.backline.balancer.control;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Reads the configuration again. Any thread may call. */
@FunctionalInterface
public interface Reload {

  /** What came of it. */
  sealed interface Result {}

  /**
   * It holds.
   *
   * @param version of the snapshot that has it
   * @param changes in words
   */
  record Applied(long version, List<String> changes) implements Result {}

  /** Nothing was applied. */
  record Rejected(List<String> errors) implements Result {}

  /** Reads the file; the result comes when this member's snapshot has it. */
  CompletionStage<Result> reload();
}
