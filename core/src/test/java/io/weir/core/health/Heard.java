package io.weir.core.health;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a listener was told, in words. */
final class Heard implements HealthListener {
  final List<String> all = new ArrayList<>();
  final List<Long> durations = new ArrayList<>();

  @Override
  public void result(CheckResult result, long nanos) {
    all.add(result.name().toLowerCase(Locale.ROOT));
    durations.add(nanos);
  }

  @Override
  public void change(boolean up, String why) {
    all.add((up ? "up: " : "down: ") + why);
  }

  int results() {
    return durations.size();
  }
}
