package io.weir.daemon.problem;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file cannot be used, in words: these exceptions often say only its name. */
public final class FileFailure {
  private FileFailure() {}

  public static String explain(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "the folder does not exist";
    }
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    String message =
        failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
    return message == null ? failure.toString() : message;
  }
}
