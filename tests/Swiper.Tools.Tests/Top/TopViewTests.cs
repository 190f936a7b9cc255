using System.Diagnostics;
using Spectre.Console;
using Swiper.Tools.Top;

namespace Swiper.Tools.Tests.Top;

/// <summary>How a round looks, on terminals of some sizes.</summary>
public sealed class TopViewTests
{
    private static readonly string[] Ops = [.. Enumerable.Range(0, 30).Select(op => $"op_{op}")];

    [Theory]
    [InlineData(80, 24)]
    [InlineData(40, 10)]
    [InlineData(200, 60)]
    [InlineData(10, 2)]
    public void A_screen_is_never_left(int width, int height)
    {
        var (view, lines) = On(width, height);
        for (var order = 0; order < Enum.GetValues<TopOrder>().Length; order++)
        {
            view.OrderByNext();
            view.Show(Busy());
            view.ChangeRows();
            view.Show(Busy());
            view.ChangeRows();
            var shown = lines();

            Assert.All(shown, line => Assert.InRange(line.Length, 0, width));
            Assert.InRange(shown.Length, 1, 2 * Math.Max(1, height - 1));
        }
    }

    [Fact]
    public void Eighty_columns_are_enough_for_all_numbers_of_a_busy_host()
    {
        var (view, lines) = On(80, 60);
        view.Show(Busy());

        var shown = string.Join('\n', lines());
        Assert.Contains("req/s    share errors/s      p50      p99\nop_0 ", shown);
        Assert.Contains("NOT READY: redis, shard_down", shown);
        Assert.Contains("3 of 4 up  2 DOWN", shown);
        Assert.EndsWith("o order: req/s  h hosts  q quit", shown);
    }

    [Fact]
    public void Rows_are_ordered_as_wanted()
    {
        var (view, lines) = On(80, 60);
        Assert.Equal(["op_0", "op_1", "op_2"], First(TopOrder.Rate));
        Assert.Equal(["op_29", "op_28", "op_27"], First(TopOrder.Errors));
        Assert.Equal(["op_0", "op_1", "op_10"], First(TopOrder.Name));

        string[] First(TopOrder order)
        {
            while (view.Order != order)
                view.OrderByNext();
            view.Show(Busy());
            return [.. lines().SkipWhile(line => !line.StartsWith("opcode", StringComparison.Ordinal)).Skip(1).Take(3)
                .Select(line => line.Split(' ')[0])];
        }
    }

    [Fact]
    public void Nothing_that_an_answer_says_steers_the_terminal()
    {
        var (view, lines) = On(80, 60);
        view.Show(RoundOf("swiper_requests_total{op=\"\u001b[2J[red]\\n\",code=\"0\"} 1"));

        Assert.Contains(lines(), line => line.StartsWith("?[2J[red]? ", StringComparison.Ordinal));
    }

    private static (TopView View, Func<string[]> Lines) On(int width, int height)
    {
        var written = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(written),
        });
        (console.Profile.Width, console.Profile.Height) = (width, height);
        return (new TopView(console), Lines);

        string[] Lines()
        {
            var lines = written.ToString().TrimEnd('\n').Split('\n');
            written.GetStringBuilder().Clear();
            return lines;
        }
    }

    private static Round Busy()
    {
        var text = new StringWriter { NewLine = "\n" };
        for (var op = 0; op < Ops.Length; op++)
        {
            text.WriteLine($"swiper_requests_total{{op=\"{Ops[op]}\",code=\"0\"}} {1_000_000 - (2 * op)}");
            text.WriteLine($"swiper_requests_total{{op=\"{Ops[op]}\",code=\"1004\"}} {op}");
            text.WriteLine($"swiper_request_duration_seconds_bucket{{op=\"{Ops[op]}\",le=\"0.025\"}} {10 + op}");
            text.WriteLine($"swiper_request_duration_seconds_bucket{{op=\"{Ops[op]}\",le=\"+Inf\"}} 100");
        }
        for (var shard = 0; shard < 4; shard++)
            text.WriteLine($"swiper_shard_up{{shard=\"{shard}\"}} {(shard == 2 ? 0 : 1)}");
        text.Write("""
            swiper_connections_open 100000
            swiper_sessions 100000
            swiper_connections_accepted_total 1000
            swiper_connections_refused_total 1000
            swiper_connections_paused 1000
            swiper_health_ready 0
            swiper_health_reason{reason="redis"} 1
            swiper_health_reason{reason="shard_down"} 1
            swiper_health_reason{reason="disk"} 0
            dotnet_process_memory_working_set_bytes 123456789012
            """);
        return RoundOf(text.ToString());
    }

    private static Round RoundOf(string text)
    {
        var interval = new Interval(new Scrape(0, []), new Scrape(Stopwatch.Frequency, MetricsText.Parse(text)));
        var reading = Reading.Of(new Metrics(interval));
        return new Round(
            DateTimeOffset.UnixEpoch,
            [
                new HostReading("a-host-with-a-long-name.example:7490", Up: true, Error: null, reading),
                new HostReading("b:7490", Up: false, "Connection refused", Reading: null),
            ],
            reading);
    }
}
