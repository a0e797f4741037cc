package io.weir.daemon.admin;

import java.util.ArrayDeque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The last events that followers were told of, by their ids, so that one who was cut off can go on
 * where he was. On the control loop.
 */
final class ToldEvents {
  /** With some 400 bytes each, less than a megabyte, and only once somebody has followed. */
  private static final int MOST = 1024;

  private static final Pattern ID = Pattern.compile("([0-9a-z]+)-([0-9]{1,18})");

  private final String start;
  private final ArrayDeque<String> events = new ArrayDeque<>();
  private long last; // the number of the last event; the first is 1

  /**
   * None yet.
   *
   * @param startMillis tells this process from the one before, whose numbers mean nothing here
   */
  ToldEvents(long startMillis) {
    start = Long.toString(startMillis, Character.MAX_RADIX);
  }

  /** Keeps an event, and returns it with its id. */
  String add(String kind, String data) {
    last++;
    String event = "id: " + id() + "\nevent: " + kind + "\ndata: " + data + "\n\n";
    if (events.size() == MOST) {
      events.removeFirst();
    }
    events.addLast(event);
    return event;
  }

  /** The id of the last event, or of the beginning. */
  String id() {
    return start + '-' + last;
  }

  /**
   * What came after an event.
   *
   * @param id null: nobody was told anything before
   * @return events that end with the id of the last one, whatever the client knew
   */
  String since(@Nullable String id) {
    if (id == null) {
      return "id: " + id() + "\n\n";
    }
    Matcher parts = ID.matcher(id);
    long known =
        parts.matches() && start.equals(parts.group(1)) ? Long.parseLong(parts.group(2)) : -1;
    if (known < 0 || known > last) {
      return "id: " + id() + "\nevent: restarted\ndata: {}\n\n";
    }
    long oldest = last - events.size() + 1;
    StringBuilder text = new StringBuilder();
    if (known + 1 < oldest) {
      text.append("id: ").append(start).append('-').append(oldest - 1).append('\n');
      text.append(dropped(oldest - known - 1));
    }
    long number = oldest;
    for (String event : events) {
      if (number++ > known) {
        text.append(event);
      }
    }
    return text.isEmpty() ? "id: " + id() + "\n\n" : text.toString();
  }

  /** So many more there were. */
  static String dropped(long count) {
    return "event: dropped\ndata: " + count(count) + "\n\n";
  }

  /** The same as data. */
  static String count(long count) {
    return "{\"count\":" + count + '}';
  }
}
