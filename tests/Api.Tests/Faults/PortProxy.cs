using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using AiGateway.Application.Ledger;
using AiGateway.Application.Providers;
using Microsoft.Extensions.DependencyInjection;

namespace AiGateway.Api.Tests.Faults;

/// <summary>Wraps a port and makes each of its calls one of the <see cref="FaultPoints"/>.</summary>
[SuppressMessage("Performance", "CA1852", Justification = "The runtime derives the proxies from it.")]
internal class PortProxy : DispatchProxy
{
    private static readonly MethodInfo TaskOf = typeof(PortProxy).GetMethod(nameof(RunTaskAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;
    private static readonly MethodInfo ValueTaskOf = typeof(PortProxy).GetMethod(nameof(RunValueTaskAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;
    private FaultPoints _points = null!;
    private object _real = null!;

    /// <summary>Wraps every registered port.</summary>
    public static void Decorate(IServiceCollection services, FaultPoints points)
    {
        for (var i = 0; i < services.Count; i++)
        {
            var registered = services[i];
            if (registered.ServiceType.Namespace != typeof(ILedger).Namespace || registered.ServiceType.IsGenericType) continue;
            services[i] = new ServiceDescriptor(
                registered.ServiceType, provider => Before(registered.ServiceType, Make(registered, provider), points), registered.Lifetime);
        }
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var method = targetMethod!;
        if (method.IsSpecialName) return Call(method, args);
        var name = $"{method.DeclaringType!.Name}.{method.Name}";
        var result = method.ReturnType;
        if (result == typeof(Task)) return RunTaskAsync<object?>(name, method, args);
        if (result.IsGenericType && result.GetGenericTypeDefinition() == typeof(Task<>))
            return TaskOf.MakeGenericMethod(result.GenericTypeArguments).Invoke(this, [name, method, args]);
        if (result.IsGenericType && result.GetGenericTypeDefinition() == typeof(ValueTask<>))
            return ValueTaskOf.MakeGenericMethod(result.GenericTypeArguments).Invoke(this, [name, method, args]);
        return _points.Pass(name, mayFailBefore: true, mayFailAfter: true, () => Call(method, args));
    }

    private static object Before(Type port, object real, FaultPoints points)
    {
        var proxy = Create(port, typeof(PortProxy));
        ((PortProxy)proxy)._points = points;
        ((PortProxy)proxy)._real = real;
        return proxy;
    }

    private static object Make(ServiceDescriptor registered, IServiceProvider provider) =>
        registered.ImplementationInstance
        ?? registered.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!);

    private object? Call(MethodInfo method, object?[]? args) =>
        method.Invoke(_real, BindingFlags.DoNotWrapExceptions, null, args, null);

    private async ValueTask<T> RunValueTaskAsync<T>(string name, MethodInfo method, object?[]? args) =>
        await _points.PassAsync(name, mayFailBefore: true, mayFailAfter: true, () => ((ValueTask<T>)Call(method, args)!).AsTask());

    // By contract a failed hold holds nothing, and a settlement does not fail before it is queued.
    private Task<T> RunTaskAsync<T>(string name, MethodInfo method, object?[]? args) => _points.PassAsync(
        name,
        mayFailBefore: method.Name != nameof(ILedger.SettleAsync),
        mayFailAfter: method.Name != nameof(ILedger.HoldAsync),
        async () =>
        {
            if (args!.FirstOrDefault() is Settlement settlement) _points.Ended(settlement);
            var task = (Task)Call(method, args)!;
            await task;
            var result = task is Task<T> typed ? await typed : default!;
            if (args!.FirstOrDefault() is Hold hold && result is HoldDecision { IsGranted: true }) _points.Granted(hold);
            return result is ModelReply { Chunks: { } chunks } reply
                ? (T)(object)(reply with { Chunks = new FaultyChunks(chunks, _points) })
                : result;
        });

    private sealed class FaultyChunks(IAsyncEnumerator<ReplyChunk> real, FaultPoints points) : IAsyncEnumerator<ReplyChunk>
    {
        public ReplyChunk Current => real.Current;

        public async ValueTask<bool> MoveNextAsync() => await points.PassAsync(
            "chunk", mayFailBefore: true, mayFailAfter: true, () => real.MoveNextAsync().AsTask());

        public async ValueTask DisposeAsync() => await points.PassAsync(
            "end of chunks", mayFailBefore: true, mayFailAfter: true, async () =>
            {
                await real.DisposeAsync();
                return true;
            });
    }
}
