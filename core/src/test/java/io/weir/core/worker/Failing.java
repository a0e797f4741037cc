package io.weir.core.worker;

/** A deadline that fails. */
final class Failing extends Deadline {
  @Override
  protected void onDeadline(long now) {
    throw new IllegalStateException("meant");
  }
}
