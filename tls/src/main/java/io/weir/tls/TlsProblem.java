package io.weir.tls;

/**
 * Something wrong with a certificate, a key or a TLS setting, in words for the operator.
 *
 * @param fatal true if it cannot be used; false if it works but clients will complain
 * @param message what is wrong
 * @param hint what to do about it; may be empty
 */
public record TlsProblem(boolean fatal, String message, String hint) {

  static TlsProblem error(String message, String hint) {
    return new TlsProblem(true, message, hint);
  }

  static TlsProblem warning(String message, String hint) {
    return new TlsProblem(false, message, hint);
  }
}
