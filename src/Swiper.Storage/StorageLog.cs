using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;

namespace Swiper.Storage;

[EventIds(3000, 3059, "Storage")]
internal static partial class StorageLog
{
    [Description("a bug: report the exception")]
    [LoggerMessage(3000, LogLevel.Error, "The lane of shard {Shard} met an exception")]
    public static partial void LaneFaulted(ILogger logger, int shard, Exception exception);

    [Description("the exception says why: no space, a damaged file, a server that is down. Reads go on, "
        + "and so do writes once it is mended")]
    [LoggerMessage(3004, LogLevel.Error, "Shard {Shard} can't be written: writes to it answer 1004 until it can")]
    public static partial void ShardFailing(ILogger logger, int shard, Exception exception);

    [LoggerMessage(3005, LogLevel.Information, "Shard {Shard} is written again")]
    public static partial void ShardRecovered(ILogger logger, int shard);

    [Description("a bug: report the exception, and start the process again")]
    [LoggerMessage(3006, LogLevel.Critical,
        "Durable swipes of shard {Shard} could not be shown; the process ends, and its next start shows them")]
    public static partial void PublishFailed(ILogger logger, int shard, Exception exception);

    [LoggerMessage(3001, LogLevel.Information, "Rebuilding the indexes: {Users} users, {Swipes} swipes read")]
    public static partial void Rebuilding(ILogger logger, long users, long swipes);

    [LoggerMessage(3002, LogLevel.Information, "The indexes are rebuilt: {Users} users and {Swipes} swipes in {Seconds:0.0} s")]
    public static partial void Rebuilt(ILogger logger, long users, long swipes, double seconds);

    [Description("nothing: the process was killed, or the machine failed")]
    [LoggerMessage(3003, LogLevel.Warning,
        "The last process was cut off before it had written {Friendships} rows of friendships and {Notices} notices of superlikes: "
        + "they are written now")]
    public static partial void Mending(ILogger logger, int friendships, int notices);

    [Description("the exception says why: no space, a right that is missing, too much to do at once. Reads go on")]
    [LoggerMessage(3008, LogLevel.Error, "Shard {Shard} answers and did not do what it was asked, which was answered 1004")]
    public static partial void ShardRefuses(ILogger logger, int shard, Exception exception);

    [Description("as 3004: bring the server back")]
    [LoggerMessage(3009, LogLevel.Warning,
        "Shard {Shard} ({Name}) has not answered for {Seconds:0} s: what needs it answers 1004 until it does")]
    public static partial void ShardStillFailing(ILogger logger, int shard, string name, double seconds);

    [Description("the exception says why: a damaged file, or a disk that hangs")]
    [LoggerMessage(3010, LogLevel.Error, "Shard {Shard} can't be read: what reads it answers 1004 until it can")]
    public static partial void ShardNotRead(ILogger logger, int shard, Exception exception);

    [LoggerMessage(3007, LogLevel.Information, "{Users} users read in {Seconds:0.0} s")]
    public static partial void PeopleRead(ILogger logger, long users, double seconds);
}
