package io.weir.daemon.problem;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Why a file could not be read, in words: the exceptions themselves often say only its name. */
public final class Reason {
  private Reason() {}

  public static String of(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "no such file";
    }
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    String message = failure.getMessage();
    return message == null ? "an input or output error" : lower(message);
  }

  private static String lower(@Nullable String text) {
    return text == null || text.isEmpty()
        ? ""
        : Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }
}
