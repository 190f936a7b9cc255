using System.CommandLine;
using System.Globalization;
using Swiper.Host.Web;

namespace Swiper.Host;

/// <summary>`reports`: whom users have reported, and what staff decide about them, on a running host.</summary>
internal static class ReportsCommands
{
    public static Command Create() => List(Decide(new OperationsCommand(
        "reports", "Shows whom users have reported, and decides about them, on a running host. All hosts of a cluster hear of it.")));

    private static OperationsCommand List(OperationsCommand reports)
    {
        var limit = new Option<int>("--limit")
        {
            Description = "at most this many users", HelpName = "N", DefaultValueFactory = static _ => ReportOperations.DefaultLimit,
        }.Within(1, ReportOperations.MaxLimit);
        var command = new Command("list", "prints those about whom nobody has decided, those first who have waited longest") { limit };
        return reports.With(command, async (parsed, host, cancellation) =>
        {
            var route = string.Create(CultureInfo.InvariantCulture, $"reports?limit={parsed.GetValue(limit)}");
            var users = await host.GetAsync<ReportsOfUser[]>(route, cancellation);
            foreach (var user in users)
                Print(user);
            if (users.Length == 0)
                Console.WriteLine("nobody waits for a decision");
        });
    }

    private static OperationsCommand Decide(OperationsCommand reports)
    {
        var uid = new Argument<long>("UID") { Description = "the user" }.AnyNumber();
        var decision = new Argument<string>("DECISION")
        {
            Description = $"{ReportVerdict.Clear}: in decks; {ReportVerdict.Remove}: in nobody's deck until cleared",
        };
        decision.AcceptOnlyFromAmong(ReportVerdict.Clear, ReportVerdict.Remove);
        var command = new Command("decide", "decides about a user; the reports so far no longer count") { uid, decision };
        return reports.With(command, async (parsed, host, cancellation) =>
        {
            var route = string.Create(CultureInfo.InvariantCulture, $"reports/{parsed.GetValue(uid)}");
            var decided = await host.PostAsync<ReportVerdict, ReportVerdict>(
                route, new ReportVerdict(parsed.GetRequiredValue(decision)), cancellation);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"user {parsed.GetValue(uid)}: {decided.Decision}"));
        });
    }

    private static void Print(ReportsOfUser user)
    {
        var standing = user.Standing switch
        {
            "shown" => "in decks",
            "reported" => "out of decks until decided",
            _ => "removed from decks",
        };
        var reporters = user.Reporters == 1 ? "1 reporter" : $"{user.Reporters.ToString(CultureInfo.InvariantCulture)} reporters";
        Console.WriteLine(
            $"user {user.Uid.ToString(CultureInfo.InvariantCulture)} {user.Nickname} {user.Phone}: {standing}; {reporters}, "
            + $"first {Time(user.Since)}");
        foreach (var report in user.Reports)
        {
            Console.WriteLine($"  {Time(report.At)} {report.Reason} by {report.Reporter.ToString(CultureInfo.InvariantCulture)}"
                + (report.Text is null ? "" : $": {report.Text}"));
        }

        if (user.Reporters > user.Reports.Length)
            Console.WriteLine($"  and {(user.Reporters - user.Reports.Length).ToString(CultureInfo.InvariantCulture)} older ones");
    }

    private static string Time(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
