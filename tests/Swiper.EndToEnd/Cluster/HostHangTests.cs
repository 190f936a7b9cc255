using Swiper.EndToEnd.Running;
using Swiper.EndToEnd.Storage;

namespace Swiper.EndToEnd.Cluster;

/// <summary>A host that hangs for so long that others take it for gone, and then goes on as if nothing had happened.</summary>
[Collection<OnServices>]
public sealed class HostHangTests(ClusterServices services)
{
    private const int People = 100;

    [Fact]
    public async Task A_host_that_wakes_when_its_number_is_anothers_writes_nothing_with_it_and_goes_on_with_a_new_one()
    {
        var moments = new Moments();
        await using var deployment = await Deployment.CreateAsync(services);
        var sleeper = await deployment.StartHostAsync();
        var other = await deployment.StartHostAsync();
        var tokens = await sleeper.SignUpAsync(People);
        var onSleeper = await sleeper.SignInAsync(tokens);
        var onOther = await other.SignInAsync(tokens);
        var number = (await onSleeper[0].HelloAsync()).Node;
        var ledger = new SwipeLedger();
        var asleep = new SwipeStorm(ledger, onSleeper, moments.Seed);
        var awake = new SwipeStorm(ledger, onOther, moments.Seed + 1);
        asleep.Start();
        awake.Start();
        await asleep.AnswersAsync(moments.Next(100, 2_000));

        sleeper.Suspend();
        await awake.AnswersAsync(1_000);
        await awake.StopAsync();
        await deployment.SettledAsync();
        var over = $"SELECT 1 FROM nodes WHERE node = {number} AND until < UNIX_TIMESTAMP() * 1000";
        await Eventually.HoldsAsync(async () => (await deployment.QueryAsync(0, over)).Count == 1, "the number is free");
        var heir = await deployment.StartHostAsync();
        var onHeir = await heir.SignInAsync(tokens);
        Assert.Equal(number, (await onHeir[0].HelloAsync()).Node);
        var heirs = new SwipeStorm(ledger, onHeir, moments.Seed + 2);
        heirs.Start();
        await heirs.AnswersAsync(500);

        sleeper.Resume();
        await asleep.AnswersAsync(1_000);
        await heirs.AnswersAsync(500);
        await Task.WhenAll(asleep.StopAsync(), heirs.StopAsync());

        Assert.True(heirs.Unavailable == 0, $"{heirs.Unavailable} were refused: {heirs.Refusal}");
        Assert.NotEqual(number, (await onSleeper[0].HelloAsync()).Node);
        var more = await Task.WhenAll(sleeper.SignUpAsync(50), heir.SignUpAsync(50));
        var newcomers = await other.SignInAsync([.. more.SelectMany(ofHost => ofHost)]);
        Assert.Equal(100, newcomers.Select(newcomer => newcomer.Uid!.Value).Distinct().Count());
        await newcomers.DisposeAllAsync();
        await deployment.VerifyAsync(ledger, [.. onSleeper, .. onHeir, .. onOther]);
        await onSleeper.Concat(onHeir).Concat(onOther).DisposeAllAsync();
    }
}
