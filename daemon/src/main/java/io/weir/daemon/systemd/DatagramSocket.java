package io.weir.daemon.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * A Unix datagram socket that sends to one address, through libc: the JDK has only Unix streams.
 *
 * <p>Confined to the thread that made it, or guarded by its owner.
 */
final class DatagramSocket implements AutoCloseable {
  // Values of Linux, the same on x86-64 and aarch64.
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;

  /** {@code sun_path} of {@code struct sockaddr_un}, which follows the two bytes of the family. */
  private static final int PATH_OFFSET = 2;

  private static final int MAX_PATH = 108;

  private static final MethodHandle SOCKET =
      function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SENDTO =
      function(
          "sendto",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final Arena arena = Arena.ofShared();
  private final MemorySegment address;
  private final int descriptor;

  /**
   * Opens a socket that will send to {@code path}.
   *
   * @param path a file, or {@code @name} for the abstract namespace
   */
  DatagramSocket(String path) throws IOException {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    if (name.length >= MAX_PATH) {
      throw new IOException(
          "\"" + path + "\" (expected: a socket's path of less than " + MAX_PATH + " bytes)");
    }
    boolean isAbstract = name.length > 0 && name[0] == '@';
    if (isAbstract) {
      name[0] = 0;
    }
    // A path ends in a zero byte; an abstract name is exactly as long as it is.
    address = arena.allocate(PATH_OFFSET + name.length + (isAbstract ? 0 : 1));
    address.set(JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(name, 0, address, JAVA_BYTE, PATH_OFFSET, name.length);
    descriptor = (int) call(() -> (int) SOCKET.invokeExact(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (descriptor < 0) {
      arena.close();
      throw new IOException("no socket for " + path);
    }
  }

  /** Sends one datagram; false when nobody took it. */
  boolean send(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Arena call = Arena.ofConfined()) {
      MemorySegment data = call.allocateFrom(JAVA_BYTE, bytes);
      long sent =
          call(() ->
              (long)
                  SENDTO.invokeExact(
                      descriptor,
                      data,
                      (long) bytes.length,
                      MSG_NOSIGNAL,
                      address,
                      (int) address.byteSize()));
      return sent == bytes.length;
    }
  }

  @Override
  public void close() {
    call(() -> (int) CLOSE.invokeExact(descriptor));
    arena.close();
  }

  @SuppressWarnings("restricted") // calling libc is what this class is for
  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    MemorySegment symbol = linker.defaultLookup().find(name).orElseThrow();
    return linker.downcallHandle(symbol, descriptor);
  }

  private interface Call {
    @SuppressWarnings("IllegalThrows") // as MethodHandle.invokeExact declares it
    long run() throws Throwable;
  }

  private static long call(Call call) {
    try {
      return call.run();
    } catch (Throwable e) {
      throw new AssertionError("libc calls throw nothing", e);
    }
  }
}
