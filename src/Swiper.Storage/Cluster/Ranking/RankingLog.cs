using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;

namespace Swiper.Storage.Cluster.Ranking;

[EventIds(3130, 3139, "Boards of the cluster")]
internal static partial class RankingLog
{
    [Description("bring Redis back, as for 3060, or wait until the index has been rebuilt. Until then decks go by older points")]
    [LoggerMessage(3130, LogLevel.Warning,
        "The points of {Groups} of 64 index groups can't be read now: decks order these people by the points last read")]
    public static partial void HotnessNotRead(ILogger logger, int groups);

    [LoggerMessage(3131, LogLevel.Information, "The points of all index groups have been read again")]
    public static partial void HotnessReadAgain(ILogger logger);

    [Description("a bug: report the exception. It is retried")]
    [LoggerMessage(3132, LogLevel.Error, "Unhandled exception while reading the points of an index group")]
    public static partial void Faulted(ILogger logger, Exception exception);
}
