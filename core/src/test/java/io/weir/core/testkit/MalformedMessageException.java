package io.weir.core.testkit;

import java.io.IOException;

/** The other side sent something that RFC 9112 does not allow, or that has two readings. */
public final class MalformedMessageException extends IOException {
  private static final long serialVersionUID = 1;

  MalformedMessageException(String what, byte[] raw) {
    super(what + " in:\n" + Wire.printable(raw));
  }
}
