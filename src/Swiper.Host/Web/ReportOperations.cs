using System.Text.Json;
using Swiper.Core.Accounts;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;

namespace Swiper.Host.Web;

/// <summary>What staff decide about reported users: GET `reports`, and POST `reports/UID` with a decision.</summary>
internal sealed class ReportOperations(IReportRepository reports, IAccountRepository accounts, TimeProvider clock) : IOperations
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 1000;

    public void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("reports", (int limit = DefaultLimit) => ListAsync(limit));
        routes.MapPost("reports/{uid}", (long uid, ReportVerdict verdict) => DecideAsync(uid, verdict));
    }

    private async Task<ReportsOfUser[]> ListAsync(int limit)
    {
        if (limit is < 1 or > MaxLimit)
            throw new OperationException(StatusCodes.Status400BadRequest, $"limit: {limit} is not between 1 and {MaxLimit}");
        var listed = new List<ReportsOfUser>();
        foreach (var user in await reports.ReadUndecidedAsync(limit))
        {
            var profile = (await accounts.FindAsync(user.Uid))?.Profile;
            listed.Add(new ReportsOfUser(
                user.Uid, profile?.Nickname ?? "", Phone.Mask(profile?.Phone ?? ""), NameOf(user.Standing), user.Since, user.Reporters,
                [.. user.Reports.Select(report => new ReportOfUser(
                    report.Id, report.Reporter, NameOf(report.Reason), report.Text, report.At))]));
        }

        return [.. listed];
    }

    private async Task<ReportVerdict> DecideAsync(long uid, ReportVerdict verdict)
    {
        var decision = verdict.Decision switch
        {
            ReportVerdict.Clear => ReportDecision.Clear,
            ReportVerdict.Remove => ReportDecision.Remove,
            _ => throw new OperationException(
                StatusCodes.Status400BadRequest, $"decision: expected {ReportVerdict.Clear} or {ReportVerdict.Remove}"),
        };
        if (!await reports.DecideAsync(uid, decision, clock.NowMs()))
            throw new OperationException(StatusCodes.Status404NotFound, $"nobody has reported a user {uid}");
        return verdict;
    }

    private static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

/// <summary>A user about whom staff have not decided. Times are milliseconds since the Unix epoch.</summary>
/// <param name="Uid">The reported user.</param>
/// <param name="Nickname">The user's name.</param>
/// <param name="Phone">The user's number, masked.</param>
/// <param name="Standing">shown, reported or removed: whether decks show the user.</param>
/// <param name="Since">When the first report was made.</param>
/// <param name="Reporters">How many have reported the user.</param>
/// <param name="Reports">The newest reports, the newest first.</param>
internal sealed record ReportsOfUser(
    long Uid, string Nickname, string Phone, string Standing, long Since, int Reporters, ReportOfUser[] Reports);

/// <param name="Id">Names the report.</param>
/// <param name="Reporter">Whose it is.</param>
/// <param name="Reason">spam, fake, offensive, underage or other.</param>
/// <param name="Text">What the reporter wrote.</param>
/// <param name="At">When.</param>
internal sealed record ReportOfUser(long Id, long Reporter, string Reason, string? Text, long At);

/// <param name="Decision">clear or remove.</param>
internal sealed record ReportVerdict(string Decision)
{
    public const string Clear = "clear";
    public const string Remove = "remove";
}
