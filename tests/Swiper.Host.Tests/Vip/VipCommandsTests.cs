using Swiper.Core.Accounts;
using Swiper.Core.Vip;

namespace Swiper.Host.Tests.Vip;

/// <summary>`vip` against a running host.</summary>
[Collection(nameof(Alone))]
public sealed class VipCommandsTests : IAsyncLifetime
{
    private TestHost _host = null!;
    private long _uid;

    public async ValueTask InitializeAsync()
    {
        _host = await TestHost.StartAsync();
        _uid = _host.Engine.NewUid();
        Assert.True(await _host.Engine.CreateUserAsync(Profile.New(_uid, "+15550000001", now: 0)));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_level_is_granted_shown_and_revoked()
    {
        Assert.Equal((0, $"user {_uid}: level 0 (basic)", ""), await RunAsync("show", $"{_uid}"));
        var granted = await RunAsync("grant", $"{_uid}", "2", "30");
        Assert.Equal((0, ""), (granted.ExitCode, granted.Errors));
        var ends = DateTimeOffset.FromUnixTimeMilliseconds(_host.Engine.Vip.StatusOf(_uid).Ends);
        Assert.Equal($"user {_uid}: level 2 (silver) until {ends:yyyy-MM-dd HH:mm:ss} UTC", granted.Output);
        Assert.Equal(granted, await RunAsync("show", $"{_uid}"));
        Assert.Equal((0, $"user {_uid}: level 0 (basic)", ""), await RunAsync("revoke", $"{_uid}"));
        Assert.Equal(VipStatus.None, _host.Engine.Vip.StatusOf(_uid));
    }

    [Fact]
    public async Task The_table_is_printed_and_changed()
    {
        var (exitCode, output, errors) = await RunAsync("levels");
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal(
            [
                "0 basic: no permissions; not for sale",
                "1 bronze: superlike; 30 days 10 coins, 180 days 50 coins, 365 days 90 coins",
                "2 silver: superlike, rewind; 30 days 20 coins, 180 days 100 coins, 365 days 180 coins",
                "3 gold: superlike, rewind, who_liked_me, unlimited_likes, any_location; "
                    + "30 days 40 coins, 180 days 200 coins, 365 days 360 coins",
            ],
            output.Split('\n'));
        Assert.Equal(
            (0, "1 tin: rewind, superlike; 7 days 199 EUR, 30 days 5 coins", ""),
            await RunAsync("set", "1", "--name", "tin", "--permissions", "rewind, superlike", "--price", "30:5", "--price", "7:199:EUR"));
        Assert.Equal(
            (0, "1 tin: no permissions; not for sale", ""), await RunAsync("set", "1", "--permissions", "none", "--price", "none"));
        Assert.StartsWith(
            "0 basic: no permissions; not for sale\n1 tin: no permissions; not for sale\n2 silver", (await RunAsync("levels")).Output);
    }

    [Theory]
    [InlineData("nobody has this uid", "grant", "17", "1", "30")]
    [InlineData("nobody has this uid", "revoke", "17")]
    [InlineData("no user has the uid 17", "show", "17")]
    [InlineData("level: 9 is not between 1 and 3", "grant", "UID", "9", "30")]
    [InlineData("level: 0 is not between 1 and 3", "grant", "UID", "0", "30")]
    [InlineData("days: 0 is not between 1 and 3650", "grant", "UID", "1", "0")]
    [InlineData("days: 40000 is not between 1 and 3650", "grant", "UID", "1", "40000")]
    [InlineData("level: 4 is not between 0 and 3", "set", "4", "--name", "diamond")]
    [InlineData("nothing is to be changed", "set", "1")]
    [InlineData("name: is empty", "set", "1", "--name", " ")]
    [InlineData("permissions: 'fly' is not one of superlike, rewind, who_liked_me, unlimited_likes, any_location",
        "set", "1", "--permissions", "fly")]
    [InlineData("prices: 0 days are not between 1 and 3650", "set", "1", "--price", "0:10")]
    [InlineData("prices: level 0 is what everybody has, and costs nothing", "set", "0", "--price", "30:10")]
    public async Task What_the_host_refuses_is_one_line_and_exit_code_1(string problem, params string[] arguments) => Assert.Equal(
        (1, "", $"swiper: {problem}"),
        await RunAsync([.. arguments.Select(argument => argument == "UID" ? $"{_uid}" : argument)]));

    [Theory]
    [InlineData("UID: 'ann' is not a whole number in range", "grant", "ann", "1", "30")]
    [InlineData("LEVEL: 'gold' is not a whole number in range", "grant", "1", "gold", "30")]
    [InlineData("DAYS: '30000000000' is not a whole number in range", "grant", "1", "1", "30000000000")]
    [InlineData("--price 30: expected DAYS:PRICE or DAYS:PRICE:CURRENCY", "set", "1", "--price", "30")]
    [InlineData("--price 30:x: expected DAYS:PRICE or DAYS:PRICE:CURRENCY", "set", "1", "--price", "30:x")]
    [InlineData("--price -30:1: expected DAYS:PRICE or DAYS:PRICE:CURRENCY", "set", "1", "--price", "-30:1")]
    [InlineData("--price 30:1:EUR:2: expected DAYS:PRICE or DAYS:PRICE:CURRENCY", "set", "1", "--price", "30:1:EUR:2")]
    [InlineData("--price none: expected DAYS:PRICE or DAYS:PRICE:CURRENCY", "set", "1", "--price", "30:1", "--price", "none")]
    [InlineData("Required argument 'DAYS' missing for command: 'grant'.", "grant", "1", "1")]
    [InlineData("Required command was not provided.")]
    public void What_cannot_be_read_is_refused_by_name(string problem, params string[] arguments) =>
        Assert.Contains(problem, HostCommand.Create(NoHost).Parse(["vip", .. arguments]).Errors.Select(error => error.Message));

    [Fact]
    public async Task Where_no_host_answers_the_exit_code_is_69_and_where_it_has_no_socket_78()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output, errors) = await RunAsync(["levels", "--data", folder]);
        Assert.Equal((69, ""), (exitCode, output));
        Assert.Equal(
            $"swiper: no host answers on {folder.File("ops.sock")}: start one, or say where it is as for `run`: --data DIR, or "
            + "--set Ops:Socket=PATH", errors);

        (exitCode, _, errors) = await RunAsync("levels", "--set", "Ops:Socket=none");
        Assert.Equal(
            (78, "swiper: Ops:Socket: a host with these options has no operations socket; set one for the host and for this command"),
            (exitCode, errors));
        (exitCode, _, errors) = await RunAsync("levels", "--set", "Ops:Socket=/no/such/ops.sock");
        Assert.Equal((78, "swiper: Ops:Socket: there is no folder '/no/such'"), (exitCode, errors));
    }

    private static Task<int> NoHost(HostArguments arguments) => throw new InvalidOperationException("no host was to be started");

    // Those of the test's own come last and so count.
    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var (outBefore, errorBefore) = (Console.Out, Console.Error);
        var (output, error) = (new StringWriter(), new StringWriter());
        Console.SetOut(output);
        Console.SetError(error);
        try
        {
            string[] where = arguments.Contains("--data") ? [] : ["--data", Path.GetDirectoryName(_host.OperationsSocket)!];
            var parsed = HostCommand.Create(NoHost).Parse(["vip", .. arguments, .. where]);
            Assert.Empty(parsed.Errors);
            var exitCode = await parsed.InvokeAsync(cancellationToken: TestContext.Current.CancellationToken)
                .WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
            return (exitCode, output.ToString().TrimEnd(), error.ToString().TrimEnd());
        }
        finally
        {
            Console.SetOut(outBefore);
            Console.SetError(errorBefore);
        }
    }
}
