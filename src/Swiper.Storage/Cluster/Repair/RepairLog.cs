using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;

namespace Swiper.Storage.Cluster.Repair;

[EventIds(3120, 3129, "Repair of the index")]
internal static partial class RepairLog
{
    [LoggerMessage(3120, LogLevel.Information,
        "{Groups} of 64 groups of the index are rebuilt from the truth: {Users} users in {Seconds:0.0} s")]
    public static partial void Rebuilt(ILogger logger, int groups, long users, double seconds);

    [Description("the exception names the server that does not answer: bring it back. It is tried again by itself")]
    [LoggerMessage(3121, LogLevel.Warning, "The index can't be looked after now")]
    public static partial void NotRebuilt(ILogger logger, Exception exception);

    [Description("a bug: report the exception. It is tried again by itself")]
    [LoggerMessage(3122, LogLevel.Error, "Looking after the index met an exception")]
    public static partial void Faulted(ILogger logger, Exception exception);
}
