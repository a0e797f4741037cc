package io.weir.daemon.yaml;

import io.weir.daemon.problem.NamedFiles;
import io.weir.daemon.problem.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the files that a configuration names; the data plane gets their contents. */
public final class FileText {
  private FileText() {}

  /** The file's bytes, or null after saying at the key that names it why there are none. */
  public static byte @Nullable [] bytes(Node name, int maxBytes) {
    Path file = name.file();
    if (file == null) {
      return null;
    }
    NamedFiles files = name.problems().files();
    files.names(name.path(), file);
    byte[] content = files.asBefore(file);
    if (content == null) {
      content = read(name, file, maxBytes);
    }
    if (content != null) {
      files.wasRead(file, content);
    }
    return content;
  }

  private static byte @Nullable [] read(Node name, Path file, int maxBytes) {
    try {
      if (Files.isDirectory(file)) {
        return refuse(name, file, "it is a folder");
      }
      if (Files.size(file) > maxBytes) {
        return refuse(name, file, "larger than " + (maxBytes >> 20) + " MiB");
      }
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      return refuse(name, file, Reason.of(unreadable));
    }
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
