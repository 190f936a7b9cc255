using System.Reflection;

namespace Swiper.Bench.Allocations;

/// <summary>Calls a method of any return type without allocating.</summary>
internal static class BoundCall
{
    private static readonly MethodInfo Drop = typeof(BoundCall).GetMethod(nameof(Dropping), BindingFlags.NonPublic | BindingFlags.Static)!;

    public static Action To(MethodInfo method, object instance) => method.ReturnType == typeof(void)
        ? method.CreateDelegate<Action>(instance)
        : (Action)Drop.MakeGenericMethod(method.ReturnType).Invoke(null, [method, instance])!;

    private static Action Dropping<TResult>(MethodInfo method, object instance)
    {
        var call = method.CreateDelegate<Func<TResult>>(instance);
        return () => call();
    }
}
