namespace Swiper.Load.Scenarios;

/// <summary>
/// A kind of load: what its virtual users do, and which replies are right. It keeps no state; its <see cref="ScenarioRun"/> does.
/// </summary>
public abstract class Scenario
{
    /// <summary>As it is named on the command line and in profiles.</summary>
    public abstract string Name { get; }

    /// <summary>One line for people.</summary>
    public abstract string Description { get; }

    /// <summary>The kinds of requests it makes, in the order in which reports show them.</summary>
    public abstract IReadOnlyList<string> Steps { get; }

    public virtual ScenarioDemands Demands { get; } = new();

    /// <summary>Whether a code is an answer that the scenario counts on; <see cref="Results.StepResult.NoReply"/> never is.</summary>
    public virtual bool IsExpected(int code) => code == 0;

    /// <summary>The state of one run in one process.</summary>
    public abstract ScenarioRun Begin(LoadTarget target);
}
