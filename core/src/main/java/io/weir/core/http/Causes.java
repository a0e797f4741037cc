package io.weir.core.http;

import io.netty.handler.ssl.NotSslRecordException;
import java.io.FileNotFoundException;
import java.nio.channels.ClosedChannelException;
import java.util.regex.Pattern;

/** Why a connection failed, in words for operators. */
public final class Causes {
  /** Enough for every message of a connection or of TLS; a peer may have had a hand in it. */
  private static final int MAX_WORDS = 200;

  private static final int DEEPEST = 10; // a chain can be circular

  /** Before the words of the system: which call of it failed, and with what number. */
  private static final Pattern CALL =
      Pattern.compile("^[A-Za-z]+\\(\\.\\.\\) failed(?: with error\\(-?[0-9]+\\))?: ");

  private Causes() {}

  /** The words of the deepest cause that has some, cut, and without control characters. */
  public static String inWords(Throwable thrown) {
    Throwable cause = thrown;
    Throwable next = thrown.getCause();
    for (int depth = 0; depth < DEEPEST && next != null; depth++) {
      cause = next.getMessage() == null ? cause : next;
      next = next.getCause();
    }
    return printable(words(cause));
  }

  /** Cut, and without control characters. */
  public static String printable(String words) {
    return words.substring(0, Math.min(words.length(), MAX_WORDS)).replaceAll("\\p{Cntrl}", "?");
  }

  private static String words(Throwable cause) {
    if (cause instanceof NotSslRecordException) {
      return "not an SSL/TLS record"; // its message goes on with a dump of it
    }
    String message = cause.getMessage();
    if (message != null) {
      String words = CALL.matcher(message).replaceFirst("");
      return words.startsWith("Connection ") ? "c" + words.substring(1) : words;
    }
    return switch (cause) {
      case FileNotFoundException noSocket -> "No such file or directory";
      case ClosedChannelException closed -> "the connection was closed";
      default -> cause.getClass().getSimpleName();
    };
  }
}
