using System.Reflection;
using AiGateway.Api.Controllers;
using AiGateway.Application.Ledger;
using AutoMapper;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Routing;

namespace AiGateway.Api.Tests.Architecture;

/// <summary>A controller depends on the mediator and the mapper alone. Each of its actions sends exactly one command.</summary>
public sealed class ControllerTests
{
    // It only says that the process runs, and needs no use case for that.
    private static readonly string[] MaySendNothing = [$"{nameof(HealthController)}.{nameof(HealthController.Live)}"];

    private static IEnumerable<Type> Controllers => Product.WrittenTypes(Product.Api).Where(type => type.IsAssignableTo(typeof(ControllerBase)));

    [Test]
    public void Controllers_DependOn_MediatorAndMapperAlone()
    {
        Assert.That(Controllers, Is.Not.Empty);
        Assert.That(GivenMore(Controllers), Is.Empty);
    }

    [Test]
    public void Rule_ForAControllerWithAPort_NamesThePort() =>
        Assert.That(GivenMore([typeof(WrongController)]), Is.EqualTo([$"{nameof(WrongController)}: {nameof(ILedger)}"]));

    [Test]
    public void Actions_Send_ExactlyOneCommand() => Assert.That(NotSendingOnce(Controllers), Is.EqualTo(MaySendNothing.Select(name => $"{name}: 0")));

    [Test]
    public void Rule_ForActionsThatSendNoneOrTwo_NamesThem() =>
        Assert.That(
            NotSendingOnce([typeof(WrongController)]),
            Is.EqualTo(["WrongController.None: 0", "WrongController.Two: 2", "WrongController.TwoByDetour: 2"]));

    private static IEnumerable<string> GivenMore(IEnumerable<Type> controllers) =>
        from controller in controllers
        from constructor in controller.GetConstructors()
        from parameter in constructor.GetParameters()
        where parameter.ParameterType != typeof(IMediator) && parameter.ParameterType != typeof(IMapper)
        select $"{controller.Name}: {parameter.ParameterType.Name}";

    private static List<string> NotSendingOnce(IEnumerable<Type> controllers)
    {
        using var calls = new CallGraph();
        var counts =
            from controller in controllers
            from action in controller.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            where action.IsDefined(typeof(HttpMethodAttribute))
            select (Name: $"{controller.Name}.{action.Name}", Sends: calls.Count(action, typeof(IMediator), nameof(IMediator.Send)));
        return [.. counts.Where(count => count.Sends != 1).Select(count => $"{count.Name}: {count.Sends}").Order(StringComparer.Ordinal)];
    }

    private sealed class WrongController(IMediator mediator, ILedger ledger) : ControllerBase
    {
        [HttpGet]
        public Task<LedgerVerification> None() => ledger.VerifyAsync(HttpContext.RequestAborted);

        [HttpGet]
        public Task<Unit> One() => mediator.Send(new Order());

        [HttpGet]
        public async Task<Unit> OneInAStateMachine()
        {
            await Task.Yield();
            return await SendAsync();
        }

        [HttpGet]
        public async Task Two()
        {
            await mediator.Send(new Order());
            await mediator.Send(new Order());
        }

        [HttpGet]
        public async Task TwoByDetour()
        {
            await SendAsync();
            Func<Task<Unit>> later = () => mediator.Send(new Order());
            await later();
        }

        private async Task<Unit> SendAsync() => await mediator.Send(new Order());

        private sealed record Order : IRequest;
    }
}
