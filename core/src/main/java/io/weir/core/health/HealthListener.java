package io.weir.core.health;

/** Hears of one backend's checks, on the control loop. */
public interface HealthListener {

  /**
   * A check ended.
   *
   * @param nanos from its start, before the connection was made
   */
  void result(CheckResult result, long nanos);

  /**
   * The backend went up or down. It counts as up until it is said to be down.
   *
   * @param why what the deciding check saw, in words, without control characters
   */
  void change(boolean up, String why);
}
