namespace Swiper.Load.Scenarios;

/// <summary>
/// A kind of load: what its virtual users do, and which replies are expected. Stateless; the state is in its <see cref="ScenarioRun"/>.
/// </summary>
public abstract class Scenario
{
    /// <summary>The name on the command line and in profiles.</summary>
    public abstract string Name { get; }

    /// <summary>A one-line description.</summary>
    public abstract string Description { get; }

    /// <summary>The kinds of requests it makes, in the order of reports.</summary>
    public abstract IReadOnlyList<string> Steps { get; }

    public virtual ScenarioDemands Demands { get; } = new();

    /// <summary>Whether the scenario expects this code; <see cref="Results.StepResult.NoReply"/> is never expected.</summary>
    public virtual bool IsExpected(int code) => code == 0;

    /// <summary>The state of one run in one process.</summary>
    public abstract ScenarioRun Begin(LoadTarget target);
}
