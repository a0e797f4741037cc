package io.weir.core.exchange;

import io.weir.core.http.HostField;
import io.weir.core.http.HttpVersion;
import io.weir.core.http.RequestHead;
import io.weir.core.snapshot.Route;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.RequestTarget;
import org.jspecify.annotations.Nullable;

/** Reads the request-target once, for routing and rules alike (RFC 9112 section 3.2). */
final class Targets {
  private Targets() {}

  /** Null if the target cannot be read, or names another host than the Host field. */
  static @Nullable RequestTarget read(RequestHead head, PathMode mode) {
    if (!(RequestTarget.read(head.method(), head.target(), mode) instanceof RequestTarget target)) {
      return null;
    }
    String authority = target.authority();
    return authority == null || agrees(authority, head) ? target : null;
  }

  /** Whether a route takes a target that it matches: strict paths leave {@code %2F} to it. */
  static boolean isTaken(RequestTarget target, Route route, PathMode mode) {
    return mode != PathMode.STRICT || route.keepsEncodedSlash() || !target.hasEncodedSlash();
  }

  /**
   * An absolute-form target must name the same authority as Host (RFC 9112 section 3.2.2); of
   * HTTP/1.0, which may leave Host out, it is the host.
   */
  private static boolean agrees(String authority, RequestHead head) {
    int field = head.hostField();
    if (field >= 0) {
      return head.fields().value(field).contentEqualsIgnoreCase(authority);
    }
    return head.version() == HttpVersion.HTTP_1_0 && HostField.put(authority, head);
  }
}
