using System.ComponentModel;
using System.Reflection;

namespace Swiper.Core.Protocol;

/// <summary>
/// The rule that a frame broke, so that client developers need not guess. docs/PROTOCOL.md lists the descriptions, and the reply's
/// message contains one.
/// </summary>
public enum FrameFault : byte
{
    None,

    [Description("its length is 0")]
    Empty,

    [Description("its length is above the largest frame")]
    TooLong,

    [Description("it is not one complete MessagePack array")]
    NotAnArray,

    [Description("its array does not have the 4 elements [0, id, op, args]")]
    WrongCount,

    [Description("the first element of its array is not 0, as it must be for a request")]
    NotARequest,

    [Description("its id is not an integer from 0 to 4294967295")]
    BadId,

    [Description("its op is not an integer, or is negative")]
    BadOpcode,

    [Description("its args are not an array")]
    ArgsNotAnArray,

    [Description("its args are not complete MessagePack values, or are nested too deeply")]
    BrokenArgs,

    [Description("there are bytes after its array")]
    TrailingBytes,
}

public static class FrameFaults
{
    // Used at most once per connection, which is then closed.
    private static readonly string[] Rules = [.. Enum.GetValues<FrameFault>().Select(fault =>
        typeof(FrameFault).GetField(fault.ToString())!.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "")];

    /// <summary>The broken rule, as a clause about the frame.</summary>
    public static string Rule(this FrameFault fault) => Rules[(int)fault];

    /// <summary>The failure sent before the connection closes.</summary>
    public static Failure ToFailure(this FrameFault fault) => new(StatusCode.ProtocolError, $"not a frame: {fault.Rule()}");

    /// <summary>The failure sent if the length of a frame is out of bounds.</summary>
    public static Failure BadLength(uint length, int maxFrame) => length == 0
        ? FrameFault.Empty.ToFailure()
        : new(StatusCode.ProtocolError, $"not a frame: its length is {length} bytes, and the maximum is {maxFrame}");
}
