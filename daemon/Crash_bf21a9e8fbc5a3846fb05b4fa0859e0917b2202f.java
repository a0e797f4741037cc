import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

public class Crash_bf21a9e8fbc5a3846fb05b4fa0859e0917b2202f {
  static final String base64Bytes = String.join("", "e30=");

  public static void main(String[] args) throws Throwable {
    Crash_bf21a9e8fbc5a3846fb05b4fa0859e0917b2202f.class
        .getClassLoader()
        .setDefaultAssertionStatus(true);
    try {
      Method fuzzerInitialize =
          io.weir.daemon.config.ConfigFuzzTest.class.getMethod("fuzzerInitialize");
      fuzzerInitialize.invoke(null);
    } catch (NoSuchMethodException ignored) {
      try {
        Method fuzzerInitialize =
            io.weir.daemon.config.ConfigFuzzTest.class.getMethod(
                "fuzzerInitialize", String[].class);
        fuzzerInitialize.invoke(null, (Object) args);
      } catch (NoSuchMethodException ignored1) {
      } catch (IllegalAccessException | InvocationTargetException e) {
        e.printStackTrace();
        System.exit(1);
      }
    } catch (IllegalAccessException | InvocationTargetException e) {
      e.printStackTrace();
      System.exit(1);
    }
    byte[] input = java.util.Base64.getDecoder().decode(base64Bytes);
    io.weir.daemon.config.ConfigFuzzTest.fuzzerTestOneInput(input);
  }
}
