package io.weir.firewall;

import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.path.RequestTarget;
import org.jspecify.annotations.Nullable;

/**
 * What the engine reads of a request; it asks only for what some rule needs.
 *
 * <p>Texts are Latin-1: one char per byte, as they came. Called on one worker, only during {@link
 * Firewall#checkRequest}.
 */
public interface RequestView {
  ClientAddress client();

  /** The listener's place in the names that the firewall was compiled with, from 0. */
  int listener();

  String method();

  /** In lower case, without port and without a dot at its end; empty if there is none. */
  String host();

  RequestTarget target();

  /** The first line of that name, or null. */
  @Nullable CharSequence header(String lowerName);

  /** Whether any line of that name passes; stops at the first that does. */
  boolean anyHeader(String lowerName, HeaderTest test);

  /** Shows every header line, in order; asked for when rules name many different headers. */
  void eachHeader(HeaderVisitor visitor);

  /** The name of the route that the request took; asked for only as the key of a limit. */
  String route();
}
