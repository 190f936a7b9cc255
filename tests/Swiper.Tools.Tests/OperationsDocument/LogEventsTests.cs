using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;
using Swiper.Tools.OperationsDocument;

namespace Swiper.Tools.Tests.OperationsDocument;

/// <summary>An operator who greps the log for a number finds one event.</summary>
public sealed partial class LogEventsTests
{
    [Fact]
    public void Each_event_of_the_server_has_an_id_of_its_own_within_those_of_its_class() =>
        Assert.Empty(LogEvents.Problems(LogEvents.Read()));

    [Fact]
    public void Events_of_all_three_assemblies_are_found()
    {
        var events = LogEvents.Read().SelectMany(source => source.Events).ToDictionary(@event => @event.Id);
        Assert.Equal(("HandlerFailed", LogLevel.Error), (events[1000].Name, events[1000].Level)); // Core
        Assert.Equal("Shard {Shard} accepts writes again", events[3005].Message); // Storage
        Assert.Contains("ulimit", events[2100].Advice); // Host
    }

    [Fact]
    public void What_breaks_the_rule_is_named()
    {
        Type[] types = [typeof(First), typeof(Second), typeof(Unnumbered)];
        var sources = types.Select(type => LogEvents.ToSource(type)!).ToList();
        Assert.Equal(
            [
                "Unnumbered logs but has no [EventIds]",
                "Second.Outside: 10 is outside its class's range 8 to 9",
                "8 is the id of both First.Said and Second.Said",
                "First (1 to 8) and Second (8 to 9) share ids",
            ],
            LogEvents.Problems(sources));
    }

    [Fact]
    public void A_class_that_does_not_log_is_none() => Assert.Null(LogEvents.ToSource(typeof(LogEventsTests)));

    [EventIds(1, 8, "one")]
    private static partial class First
    {
        [LoggerMessage(8, LogLevel.Debug, "said")]
        public static partial void Said(ILogger logger);
    }

    [EventIds(8, 9, "two")]
    private static partial class Second
    {
        [LoggerMessage(8, LogLevel.Debug, "said")]
        public static partial void Said(ILogger logger);

        [Description("do something")]
        [LoggerMessage(10, LogLevel.Debug, "said")]
        public static partial void Outside(ILogger logger);
    }

    private static partial class Unnumbered
    {
        [LoggerMessage(9, LogLevel.Debug, "said")]
        public static partial void Said(ILogger logger);
    }
}
