package io.weir.tls;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Why a handshake failed: a closed list, for metrics and logs. */
public enum TlsFailure {
  NO_SHARED_CIPHER("no_shared_cipher"),
  /** No common version, or bytes that are not TLS. */
  PROTOCOL("protocol"),
  /**
   * None of the protocols that the client offers within TLS (RFC 7301 section 3.2), be it ours or
   * another's word.
   */
  ALPN("alpn"),
  UNKNOWN_SNI("unknown_sni"),
  /** A client certificate that is missing or that no trusted authority vouches for. */
  CLIENT_CERT("client_cert"),
  TIMEOUT("timeout"),
  /** The peer went away in the middle. */
  CLOSED("closed"),
  OTHER("other");

  private static final int DEEPEST = 10; // causes; a chain can be circular

  // What the libraries say is the only sign of the cause. BoringSSL's words are its own constant
  // names with underscores, the JDK's are sentences; both are searched in lower case.
  private static final String[] NO_SHARED_CIPHER_WORDS = {
    "no_shared_cipher",
    "no_shared_group",
    "no_common_signature_algorithms",
    "wrong_curve", // the client has no group for the certificate's key
    "no cipher suites in common"
  };
  // What a peer's alert says of a certificate is of ours, not of a client's: that is OTHER.
  private static final String[] CLIENT_CERT_WORDS = {
    "peer_did_not_return_a_certificate",
    "certificate_verify_failed",
    "empty client certificate chain"
  };
  private static final String[] ALPN_WORDS = {"no_application_protocol"}; // an alert's name
  private static final String[] PROTOCOL_WORDS = {
    "unsupported_protocol",
    "wrong_version_number",
    "unknown_protocol",
    "inappropriate_fallback",
    "http_request",
    "https_proxy_request",
    "protocol_version",
    "not an ssl/tls record",
    "unsupported or unrecognized ssl message",
    "decode_error",
    "unexpected_message",
    "unexpected_record"
  };
  private static final String[] CLOSED_WORDS = {
    "connection reset", "broken pipe", "closed engine", "closing inbound", "connection closed"
  };

  private final String label;

  TlsFailure(String label) {
    this.label = label;
  }

  /** The metric label and log word. */
  public String label() {
    return label;
  }

  /** What a handshake of either provider failed with, as one of ours. */
  public static TlsFailure of(Throwable failure) {
    Throwable cause = failure;
    TlsFailure found = OTHER;
    for (int depth = 0; depth < DEEPEST && cause != null; depth++) {
      found = ofOne(cause);
      if (found != OTHER) {
        return found;
      }
      cause = cause.getCause();
    }
    return found;
  }

  private static TlsFailure ofOne(Throwable cause) {
    return switch (cause) {
      case SslHandshakeTimeoutException timeout -> TIMEOUT;
      case ClosedChannelException closed -> CLOSED;
      case NotSslRecordException garbage -> PROTOCOL;
      case TooLongFrameException tooLong -> PROTOCOL;
      case CertificateException untrusted -> CLIENT_CERT;
      case CertPathValidatorException untrusted -> CLIENT_CERT;
      case SSLPeerUnverifiedException unverified -> CLIENT_CERT;
      default -> ofWords(cause.getMessage());
    };
  }

  private static TlsFailure ofWords(@Nullable String message) {
    if (message == null) {
      return OTHER;
    }
    String words = message.toLowerCase(Locale.ROOT);
    if (holdsAny(words, NO_SHARED_CIPHER_WORDS)) {
      return NO_SHARED_CIPHER;
    }
    if (holdsAny(words, CLIENT_CERT_WORDS)) {
      return CLIENT_CERT;
    }
    if (holdsAny(words, ALPN_WORDS)) {
      return ALPN;
    }
    if (holdsAny(words, PROTOCOL_WORDS)) {
      return PROTOCOL;
    }
    return holdsAny(words, CLOSED_WORDS) ? CLOSED : OTHER;
  }

  private static boolean holdsAny(String text, String[] words) {
    for (String word : words) {
      if (text.contains(word)) {
        return true;
      }
    }
    return false;
  }
}
