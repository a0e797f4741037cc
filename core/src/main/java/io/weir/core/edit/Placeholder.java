package io.weir.core.edit;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the values of fields can say about their request, by its name in lower case. */
public enum Placeholder {
  /** The client's address, as rules see it. */
  CLIENT_IP,
  /** The address of the connection's other end. */
  PEER_IP,
  METHOD,
  /** {@code http} or {@code https}, as a trusted peer says, else as the request came to us. */
  SCHEME,
  /** In lower case, without port. */
  HOST,
  /** The path that is sent on, as it is spelled. */
  PATH,
  /** The query without its question mark. */
  QUERY,
  /** Path and query. */
  URI,
  REQUEST_ID,
  TRACE_ID,
  LISTENER,
  ROUTE,
  TLS_VERSION,
  SERVER_NAME,
  /** The pool that answered; only in responses. */
  POOL,
  /** The backend that answered; only in responses. */
  BACKEND;

  /** The one of that name. */
  static @Nullable Placeholder named(String name) {
    for (Placeholder one : values()) {
      if (one.word().equals(name)) {
        return one;
      }
    }
    return null;
  }

  /** Whether it is known only when a response is there. */
  public boolean isOfResponses() {
    return this == POOL || this == BACKEND;
  }

  /** Its name in a file. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> words() {
    return Arrays.stream(values()).map(Placeholder::word).toList();
  }
}
