package io.weir.core.exchange;

import io.weir.core.edit.Placeholder;
import io.weir.core.edit.RequestValues;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.tls.HandshakeInfo;
import org.jspecify.annotations.Nullable;

/** Shows one exchange at a time to the edits of its route. Reused; for one loop. */
final class ExchangeValues implements RequestValues {
  private static final String HTTPS = "https";

  private @Nullable Exchange exchange;

  ExchangeValues of(Exchange current) {
    exchange = current;
    return this;
  }

  private Exchange exchange() {
    Exchange current = exchange;
    if (current == null) {
      throw new IllegalStateException("no exchange");
    }
    return current;
  }

  @Override
  public void append(Placeholder placeholder, Fields line) {
    Exchange from = exchange();
    switch (placeholder) {
      case CLIENT_IP -> line.append(from.connection().forwardedFor(from.client()).client());
      case PEER_IP -> line.append(from.connection().peer().toString());
      case METHOD -> line.append(from.head().method());
      case SCHEME -> line.append(scheme(from));
      case HOST -> line.append(from.head().host());
      case PATH -> appendPath(from.target(), line);
      case QUERY -> appendQuery(from.target(), line);
      case URI -> appendUri(from.target(), line);
      case REQUEST_ID -> from.ids().appendRequestId(line, from.head().fields());
      case TRACE_ID -> from.ids().appendTraceId(line);
      case LISTENER -> line.append(from.listener().name());
      case ROUTE -> line.append(from.route().label());
      case TLS_VERSION -> appendTls(from, true, line);
      case SERVER_NAME -> appendTls(from, false, line);
      case POOL -> {
        if (from.pool() != null) {
          line.append(from.pool().name());
        }
      }
      case BACKEND -> {
        if (from.backend() != null) {
          line.append(from.backend().name());
        }
      }
    }
  }

  /** As a peer says that is believed, else as the connection is. */
  private static String scheme(Exchange from) {
    Fields fields = from.head().fields();
    int said = from.connection().isTrusted() ? fields.find(FieldName.X_FORWARDED_PROTO, 0) : -1;
    boolean tls =
        said < 0 ? from.connection().isTls() : fields.value(said).contentEqualsIgnoreCase(HTTPS);
    return tls ? HTTPS : "http";
  }

  private static void appendPath(String target, Fields line) {
    appendFromSlash(target, pathEnd(target), line);
  }

  private static void appendUri(String target, Fields line) {
    appendFromSlash(target, target.length(), line);
  }

  private static void appendQuery(String target, Fields line) {
    int end = pathEnd(target);
    if (end < target.length()) {
      line.append(target, end + 1, target.length());
    }
  }

  private static int pathEnd(String target) {
    int question = target.indexOf('?');
    return question < 0 ? target.length() : question;
  }

  /**
   * With one slash at the start: two, of either kind, make browsers read a host (open redirect).
   */
  private static void appendFromSlash(String target, int end, Fields line) {
    int start = 0;
    while (start < end && (target.charAt(start) == '/' || target.charAt(start) == '\\')) {
      start++;
    }
    line.append(start == 0 ? "" : "/");
    line.append(target, start, end);
  }

  private static void appendTls(Exchange from, boolean version, Fields line) {
    HandshakeInfo handshake = from.connection().handshake();
    if (handshake == null) {
      return;
    }
    String serverName = handshake.serverName();
    line.append(version ? handshake.version() : serverName == null ? "" : serverName);
  }
}
