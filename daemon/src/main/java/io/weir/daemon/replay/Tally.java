package io.weir.daemon.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a replay found so far. */
final class Tally {
  /** Enough to see what kind of requests they are. */
  private static final int EXAMPLES = 3;

  /** Names of rules in a log are few; a log that is not ours may hold anything. */
  private static final int MOST_NAMES = 10_000;

  long requests;
  long connections; // lines of relayed ones
  long unreadable; // lines
  long late; // lines that belong before one that was judged already
  long cut; // requests with a field that rules ask for and the log has cut
  long malformed; // requests that are 400 before any rule is asked
  long unrouted; // requests with %2F whose route decides about it, and is not told
  long refusedThen;
  long refusedNow;
  long newlyRefused;
  long newlyPermitted;
  long unclear; // permitted now, refused then by what cannot be judged
  long firstMicros = Long.MAX_VALUE;
  long lastMicros = Long.MIN_VALUE;

  private final Map<String, Group> rules = new LinkedHashMap<>();
  private final Map<String, Group> permitted = new LinkedHashMap<>();

  /** Requests that have one rule in common. */
  static final class Group {
    long matches;
    long fresh;
    private final List<LoggedRequest> examples = new ArrayList<>();

    /** The first of them; of those that are decided otherwise than then, if there are any. */
    List<LoggedRequest> examples() {
      return examples;
    }

    private void add(LoggedRequest request, boolean isFresh) {
      if (isFresh && fresh++ == 0) {
        examples.clear();
      }
      if (examples.size() < EXAMPLES && (isFresh || fresh == 0)) {
        examples.add(request);
      }
    }
  }

  /** A rule that is judged, in the order of the file. */
  void rule(String name) {
    rules.put(name, new Group());
  }

  /** By name: what matched, and what it newly refuses. */
  Map<String, Group> rules() {
    return rules;
  }

  /** By the rule that refused them then: what is permitted now. */
  Map<String, Group> permitted() {
    return permitted;
  }

  /** A rule acts, or would if its mode were not report. */
  void matched(String rule, LoggedRequest request, boolean newlyRefuses) {
    Group group = rules.computeIfAbsent(rule, name -> new Group());
    group.matches++;
    group.add(request, newlyRefuses);
  }

  /** A request that a rule refused is permitted now. */
  void permits(String then, LoggedRequest request) {
    newlyPermitted++;
    if (permitted.size() < MOST_NAMES) {
      Group group = permitted.computeIfAbsent(then, name -> new Group());
      group.matches++;
      group.add(request, true);
    }
  }

  void seen(LoggedRequest request) {
    requests++;
    firstMicros = Math.min(firstMicros, request.epochMicros());
    lastMicros = Math.max(lastMicros, request.epochMicros());
  }
}
