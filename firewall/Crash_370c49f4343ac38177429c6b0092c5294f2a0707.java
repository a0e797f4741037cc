import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

public class Crash_370c49f4343ac38177429c6b0092c5294f2a0707 {
  static final String base64Bytes = String.join("", "L2E7bjsuJSU7LiUlJTY2MWMvZA==");

  public static void main(String[] args) throws Throwable {
    Crash_370c49f4343ac38177429c6b0092c5294f2a0707.class
        .getClassLoader()
        .setDefaultAssertionStatus(true);
    try {
      Method fuzzerInitialize =
          io.weir.firewall.path.RequestTargetFuzzTest.class.getMethod("fuzzerInitialize");
      fuzzerInitialize.invoke(null);
    } catch (NoSuchMethodException ignored) {
      try {
        Method fuzzerInitialize =
            io.weir.firewall.path.RequestTargetFuzzTest.class.getMethod(
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
    io.weir.firewall.path.RequestTargetFuzzTest.fuzzerTestOneInput(input);
  }
}
