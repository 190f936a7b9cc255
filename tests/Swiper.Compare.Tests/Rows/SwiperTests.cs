using Swiper.Compare.Ancestor;
using Swiper.Compare.Processes;
using Swiper.Compare.Rows;
using Swiper.Load.Wire;
using Swiper.Local;
using Swiper.Local.Hosts;

namespace Swiper.Compare.Tests.Rows;

/// <summary>Swiper itself under the loads of the rows. A refused request, or one without a reply, fails its measure.</summary>
public sealed class SwiperTests
{
    private static readonly Pace Moment = new(TimeSpan.Zero, TimeSpan.FromSeconds(0.2));

    [Fact]
    public void Every_operation_of_the_ancestors_table_and_the_evening_are_answered()
    {
        using var subjects = new Subjects(new SwiperHostPlan(Repository.ProgramOf("src", "Swiper.Host"), Robots: 3000), onCluster: false);

        var operations = Operation.AllOf(subjects);
        foreach (var operation in operations)
            operation.Measure.Take(Moment, isKept: false);

        Assert.All(operations, operation => Assert.Null(operation.Measure.Trouble));
        Assert.Equal(50, subjects.FillBoard());
        Assert.Null(Record.Exception(() => Loads.Evening(subjects.Swiper, subjects.People(), Moment)));
        Assert.Null(Record.Exception(() => Loads.EveningAt(500, subjects.Swiper, subjects.People(), Moment)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(1000)]
    public void Echoes_over_TLS_are_answered(int inFlight)
    {
        using var certificate = new TlsCertificate();
        using var swiper = new SwiperHost(new SwiperHostPlan(Repository.ProgramOf("src", "Swiper.Host"), Robots: 0)
        {
            Certificate = certificate,
        });

        Assert.Null(Record.Exception(() => Loads.AnonymousOverTls(swiper, RepeatedRequests.Echo(), inFlight, Moment)));
    }

    [Fact]
    public void A_host_is_started_with_what_was_set()
    {
        var plan = new SwiperHostPlan(Repository.ProgramOf("src", "Swiper.Host"), Robots: 0) { Settings = ["Limits:NoSuchLimit=1"] };

        var thrown = Assert.Throws<HostException>(() => new SwiperHost(plan));

        Assert.Contains("Limits:NoSuchLimit: no such option", thrown.Message, StringComparison.Ordinal);
    }
}
