using AiGateway.Application.Generation;
using AiGateway.Application.Providers;
using FluentValidation;
using MediatR;

namespace AiGateway.Api.Tests.Architecture;

/// <summary>Every request has one handler, and only one handler calls providers.</summary>
public sealed class HandlerTests
{
    private static IEnumerable<Type> Types => Product.WrittenTypes(Product.Application);

    private static IEnumerable<Type> WrongTypes => typeof(WrongUseCases).GetNestedTypes();

    [Test]
    public void Handlers_DoNotDependOn_TheMediator()
    {
        Assert.That(Types.Where(type => Requests(type).Any()), Is.Not.Empty);
        Assert.That(SendingHandlers(Types), Is.Empty);
    }

    [Test]
    public void Rule_ForAHandlerWithTheMediator_NamesIt() =>
        Assert.That(SendingHandlers(WrongTypes), Is.EqualTo([nameof(WrongUseCases.SendingHandler)]));

    [Test]
    public void Requests_Have_ExactlyOneHandler() => Assert.That(NotHandledOnce(Types), Is.Empty);

    [Test]
    public void Rule_ForRequestsWithNoneOrTwoHandlers_NamesThem() =>
        Assert.That(
            NotHandledOnce(WrongTypes),
            Is.EquivalentTo([$"{nameof(WrongUseCases.Orphan)}: 0", $"{nameof(WrongUseCases.Disputed)}: 2"]));

    [Test]
    public void GenerateHandler_Alone_CallsProviders() => Assert.That(ReachingAProvider(Product.Types), Is.EqualTo(["GenerateHandler"]));

    [Test]
    public void GenerateHandler_Handles_TheGenerateCommandAlone() =>
        Assert.That(Requests(Types.Single(type => type.Name == "GenerateHandler")), Is.EqualTo([typeof(Generate)]));

    [Test]
    public void Rule_ForAnotherTypeThatCallsAProvider_NamesIt() =>
        Assert.That(ReachingAProvider(WrongTypes), Is.EqualTo([nameof(WrongUseCases.BackDoorHandler)]));

    [Test]
    public void HandlersBehaviorsAndValidators_Are_InternalAndSealed()
    {
        Assert.That(Types.Where(IsPart), Has.Exactly(1).Property("Name").EqualTo("QuotaBehavior"));
        Assert.That(OpenParts(Types), Is.Empty);
    }

    [Test]
    public void Rule_ForAPublicHandlerOrAnOpenValidator_NamesThem() =>
        Assert.That(
            OpenParts([typeof(PublicHandler), typeof(OpenValidator)]),
            Is.EqualTo([nameof(PublicHandler), nameof(OpenValidator)]));

    private static IEnumerable<string> SendingHandlers(IEnumerable<Type> types) =>
        from handler in types
        where Requests(handler).Any()
        where handler.GetConstructors().SelectMany(each => each.GetParameters()).Any(IsMediator)
        select handler.Name;

    private static bool IsMediator(System.Reflection.ParameterInfo parameter) =>
        parameter.ParameterType == typeof(IMediator) || parameter.ParameterType == typeof(ServiceFactory)
        || parameter.ParameterType == typeof(IServiceProvider);

    private static IEnumerable<string> NotHandledOnce(IEnumerable<Type> types)
    {
        var all = types.ToArray();
        var handled = all.SelectMany(Requests).ToArray();
        return
            from request in all
            where !request.IsAbstract && request.IsAssignableTo(typeof(IBaseRequest))
            let handlers = handled.Count(each => each == request)
            where handlers != 1
            select $"{request.Name}: {handlers}";
    }

    private static List<string> ReachingAProvider(IEnumerable<Type> types)
    {
        using var calls = new CallGraph();
        return [.. types.Where(type => calls.Calls(type, typeof(IModelAdapter), nameof(IModelAdapter.GenerateAsync))).Select(type => type.Name)];
    }

    private static IEnumerable<string> OpenParts(IEnumerable<Type> types) =>
        types.Where(type => IsPart(type) && !type.IsAbstract && (type.IsVisible || !type.IsSealed)).Select(type => type.Name);

    private static bool IsPart(Type type) => Requests(type).Any() || Implemented(type, typeof(IPipelineBehavior<,>)).Any()
        || type.IsAssignableTo(typeof(IValidator));

    private static IEnumerable<Type> Requests(Type type) =>
        type.IsAbstract ? [] : Implemented(type, typeof(IRequestHandler<,>)).Select(each => each.GenericTypeArguments[0]);

    private static IEnumerable<Type> Implemented(Type type, Type open) =>
        type.GetInterfaces().Where(each => each.IsGenericType && each.GetGenericTypeDefinition() == open);
}
