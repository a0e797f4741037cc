package io.weir.core.testkit;

import java.util.ArrayList;
import java.util.List;

/** The requests of a backend in the order in which they came. Thread-safe. */
final class RequestLog {
  private record Entry(Conversation on, Request request) {}

  private final List<Entry> entries = new ArrayList<>(); // guarded by this

  /** Adds a request; a head that was added before is replaced by the same with its body. */
  synchronized void add(Conversation on, Request request) {
    Entry entry = new Entry(on, request);
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).request().headers() == request.headers()) {
        entries.set(i, entry);
        return;
      }
    }
    entries.add(entry);
  }

  synchronized List<Request> all() {
    return entries.stream().map(Entry::request).toList();
  }

  synchronized List<Request> of(Conversation on) {
    return entries.stream().filter(entry -> entry.on() == on).map(Entry::request).toList();
  }
}
