package io.weir.daemon.yaml;

import io.weir.daemon.problem.NamedFiles;
import io.weir.daemon.problem.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the files that a configuration names; the data plane gets their contents. */
public final class FileText {
  private static final String CONTENT = "content";

  private FileText() {}

  /** The file's bytes, or null after saying at the key that names it why there are none. */
  public static byte @Nullable [] bytes(Node name, int maxBytes) {
    Path file = name.file();
    if (file == null) {
      return null;
    }
    NamedFiles files = name.problems().files();
    files.names(name.path(), file);
    byte[] content = files.asBefore(file, CONTENT, byte[].class);
    if (content == null) {
      content = read(name, file, maxBytes);
    }
    if (content != null) {
      files.wasRead(file, CONTENT, content);
    }
    return content;
  }

  private static byte @Nullable [] read(Node name, Path file, int maxBytes) {
    try {
      return isReadable(name, file, maxBytes) ? Files.readAllBytes(file) : null;
    } catch (IOException unreadable) {
      unreadable(name, file, unreadable);
      return null;
    }
  }

  /**
   * The same as a stream, of which it is the caller's to say what is needed of it when the file is
   * to be taken for what it was.
   */
  public static @Nullable InputStream stream(Node name, Path file, int maxBytes) {
    try {
      return isReadable(name, file, maxBytes) ? Files.newInputStream(file) : null;
    } catch (IOException unreadable) {
      unreadable(name, file, unreadable);
      return null;
    }
  }

  /** Says so at the key that names it; also of a stream that failed on its way. */
  public static void unreadable(Node name, Path file, IOException failure) {
    refuse(name, file, Reason.of(failure));
  }

  private static boolean isReadable(Node name, Path file, int maxBytes) throws IOException {
    if (Files.isDirectory(file)) {
      refuse(name, file, "it is a folder");
      return false;
    }
    if (Files.size(file) > maxBytes) {
      refuse(name, file, "larger than " + (maxBytes >> 20) + " MiB");
      return false;
    }
    return true;
  }

  /** The file's text, or the empty text after saying at the key that names it why there is none. */
  public static String text(Node name, int maxBytes) {
    byte[] bytes = bytes(name, maxBytes);
    if (bytes == null) {
      return "";
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notText) {
      name.error(name.key() + ": " + name.inWords() + " is not UTF-8 text", null);
      return "";
    }
  }

  private static byte @Nullable [] refuse(Node name, Path file, String reason) {
    name.error(name.key() + ": cannot read " + file + ": " + reason, null);
    return null;
  }
}
