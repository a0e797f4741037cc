package io.weir.daemon.state;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The last good version of a list that is fetched, in a file of its own.
 *
 * @param etag what the server calls this version; empty if it has no name for it
 * @param modified when the server says that it was made; empty if it does not say
 * @param content owned by this record and not written to any more
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes, compared by sameContent only
public record ListCopy(String etag, String modified, byte[] content) {
  /*
   * One file, so that what is there and what it is called are replaced together:
   *
   *   # from https://lists.example/blocked.txt
   *   # etag "5f3c"
   *   # modified Sun, 22 Nov 2026 12:00:00 GMT
   *   192.0.2.0/24
   *
   * What stands behind the three lines is the list as it came.
   */
  private static final String FOLDER = "lists";
  private static final String ENDING = ".txt";
  private static final String FROM = "# from ";
  private static final String ETAG = "# etag ";
  private static final String MODIFIED = "# modified ";
  private static final int LONGEST = 1024; // of what a server calls a version; it is for the server

  /** Keeps what the server said only if it can stand in a line. */
  public ListCopy {
    etag = isLine(etag) ? etag : "";
    modified = isLine(modified) ? modified : "";
  }

  private static boolean isLine(String text) {
    return text.length() <= LONGEST && text.chars().allMatch(c -> c >= ' ' && c < 127);
  }

  /** The file of a list; null without a folder. */
  public static @Nullable Path file(@Nullable Path folder, String list) {
    return folder == null ? null : folder.resolve(FOLDER).resolve(list + ENDING);
  }

  /**
   * The copy that a file holds, or null if it holds none from there.
   *
   * @param sum the SHA-256 that its content must have, in any case of letters; null: any
   * @throws IOException if it cannot be read
   */
  public static @Nullable ListCopy read(Path file, URI from, @Nullable String sum)
      throws IOException {
    return read(file, from.toString()::equals, sum);
  }

  /** The same from wherever it came. */
  public static @Nullable ListCopy readFromAnywhere(Path file, @Nullable String sum)
      throws IOException {
    return read(file, place -> !place.isEmpty(), sum);
  }

  private static @Nullable ListCopy read(
      Path file, Predicate<String> isWanted, @Nullable String sum) throws IOException {
    byte[] all;
    try {
      all = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return null;
    }
    int second = lineEnd(all, 0);
    int third = lineEnd(all, second);
    int content = lineEnd(all, third);
    if (!isWanted.test(line(all, 0, second, FROM))) {
      return null; // of another place, or no copy at all
    }
    ListCopy copy =
        new ListCopy(
            line(all, second, third, ETAG),
            line(all, third, content, MODIFIED),
            Arrays.copyOfRange(all, content, all.length));
    return sum == null || sum.equalsIgnoreCase(copy.sha256()) ? copy : null;
  }

  /**
   * Removes the copies of all other lists; their names. Files that are no copies stay.
   *
   * @throws IOException if the folder cannot be read, or a file not be removed
   */
  public static List<String> keepOnly(@Nullable Path folder, Set<String> lists) throws IOException {
    List<String> gone = new ArrayList<>();
    if (folder == null || !Files.isDirectory(folder.resolve(FOLDER))) {
      return gone;
    }
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder.resolve(FOLDER), "*" + ENDING)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        String list = name.substring(0, name.length() - ENDING.length());
        if (!lists.contains(list) && isCopy(file)) {
          Files.delete(file);
          gone.add(list);
        }
      }
    }
    return gone;
  }

  private static boolean isCopy(Path file) throws IOException {
    byte[] from = FROM.getBytes(StandardCharsets.US_ASCII);
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(from.length), from);
    }
  }

  private static int lineEnd(byte[] all, int from) {
    for (int i = from; i < all.length; i++) {
      if (all[i] == '\n') {
        return i + 1;
      }
    }
    return all.length;
  }

  private static String line(byte[] all, int from, int end, String name) {
    String line = new String(all, from, end - from, StandardCharsets.US_ASCII).stripTrailing();
    return line.startsWith(name) ? line.substring(name.length()) : "";
  }

  /** Replaces the file as a whole: whoever reads it, now or after a crash, has all or the old. */
  public void write(Path file, URI from) throws IOException {
    String head = FROM + from + '\n' + ETAG + etag + '\n' + MODIFIED + modified + '\n';
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Path next = file.resolveSibling(file.getFileName() + ".next");
    WholeFile.replace(
        file,
        next,
        out -> {
          out.write(head.getBytes(StandardCharsets.US_ASCII));
          out.write(content);
        });
  }

  /** The SHA-256 of the list as it came, as small digits of base 16. */
  public String sha256() {
    return sha256(content);
  }

  /** The SHA-256 of anything, in the same form. */
  public static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Whether the entries are those of another version, whatever it is called. */
  public boolean sameContent(byte[] other) {
    return Arrays.equals(content, other);
  }
}
