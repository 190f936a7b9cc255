namespace Swiper.Load.Scenarios;

/// <summary>A run of visitors, without background activity.</summary>
internal sealed class VisitorRun(Func<Visitor> create) : ScenarioRun
{
    public override async Task<IVirtualUser> ConnectUserAsync(CancellationToken cancellationToken)
    {
        var visitor = create();
        await visitor.ConnectAsync(cancellationToken);
        return visitor;
    }
}
