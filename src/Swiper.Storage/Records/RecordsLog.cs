using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;

namespace Swiper.Storage.Records;

[EventIds(3140, 3149, "Records and follow-ups")]
internal static partial class RecordsLog
{
    [Description("a bug: report the exception. It is retried, at first after a second and then after longer pauses")]
    [LoggerMessage(3140, LogLevel.Error, "Follow-up {Id} ({Kind}) failed, try {Attempt}")]
    public static partial void FollowUpFailed(ILogger logger, FollowUpKind kind, long id, int attempt, Exception exception);

    [Description("a bug: report the exception. It is retried in a second")]
    [LoggerMessage(3141, LogLevel.Error, "Unhandled exception while looking for follow-ups")]
    public static partial void NotLookedFor(ILogger logger, Exception exception);

    [Description("nothing: the last process was killed, or the machine failed")]
    [LoggerMessage(3142, LogLevel.Warning, "Doing follow-ups that the last process left: {Count}")]
    public static partial void LeftOver(ILogger logger, int count);

    [Description("a bug: report the exception. It is retried in a second; until then this host uses what it read before")]
    [LoggerMessage(3144, LogLevel.Error, "What another host has changed (key {Key}) can't be read")]
    public static partial void NotRead(ILogger logger, string key, Exception exception);

    [Description("a bug: report the exception. It is retried in an hour")]
    [LoggerMessage(3143, LogLevel.Error, "Unhandled exception while deleting expired rows")]
    public static partial void NotPruned(ILogger logger, Exception exception);

    [Description("a bug: report the exception. It is tried again in an hour; until then `devices` shows some as seen too early")]
    [LoggerMessage(3145, LogLevel.Error, "Unhandled exception while noting which devices are connected")]
    public static partial void NotSeen(ILogger logger, Exception exception);

    [Description("nothing if it stands alone: it is retried in a minute, or the host stopped while a shard was away. The exception, if "
        + "any, is a bug: report it")]
    [LoggerMessage(3146, LogLevel.Warning, "When {Count} users were last active could not be written")]
    public static partial void ActivityNotWritten(ILogger logger, int count, Exception? exception);

    [Description("a bug: report the exception. It is retried in five minutes")]
    [LoggerMessage(3147, LogLevel.Error, "Unhandled exception while reading when users were last active")]
    public static partial void ActivityNotRead(ILogger logger, Exception exception);
}
