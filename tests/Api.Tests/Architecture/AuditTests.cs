using System.Reflection;
using System.Text.RegularExpressions;
using AiGateway.Application.Administration;
using AiGateway.Application.Alerts;
using AiGateway.Application.Ledger;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Routing;

namespace AiGateway.Api.Tests.Architecture;

/// <summary>
/// No change of an administrator can miss the audit log. Each action that changes something sends an administrative change. Its handler
/// calls a port with the actor. Each implementation of such a port writes the log in its transaction.
/// </summary>
public sealed partial class AuditTests
{
    // One takes long, and the other sends a test event. Both change nothing.
    private static readonly string[] ChangesNothing = [typeof(VerifyLedger).FullName!, typeof(TestWebhook).FullName!];

    private static Type AdministrativeChange => Product.Application.GetType("AiGateway.Application.Administration.IAdministrativeChange`1", throwOnError: true)!;

    private static Type AuditTrail => Product.Infrastructure.GetType("AiGateway.Infrastructure.Persistence.Audit.AuditTrail", throwOnError: true)!;

    private static IEnumerable<Type> Controllers => Product.WrittenTypes(Product.Api).Where(type => type.IsAssignableTo(typeof(ControllerBase)));

    [Test]
    public void Actions_OfTheAdministrationThatAreNotGet_SendAnAdministrativeChange()
    {
        Assert.That(Changing(Controllers).Count(), Is.GreaterThanOrEqualTo(8));
        Assert.That(WithoutAChange(Controllers), Is.Empty);
    }

    [Test]
    public void Rule_ForAnActionThatSendsAnotherCommand_NamesIt() =>
        Assert.That(WithoutAChange([typeof(WrongController)]), Is.EqualTo(["WrongController.Create"]));

    [Test]
    public void Handlers_OfAdministrativeChanges_CallAPortWithTheActor()
    {
        var handlers = Product.WrittenTypes(Product.Application).Where(IsHandlerOfAChange).ToList();

        Assert.That(handlers, Has.Count.GreaterThanOrEqualTo(9));
        Assert.That(WithoutAnActor(handlers), Is.Empty);
    }

    [Test]
    public void Rule_ForAHandlerThatKeepsTheActor_NamesIt() =>
        Assert.That(WithoutAnActor([typeof(ForgetfulHandler), typeof(MindfulHandler), typeof(DelegatingHandler)]), Is.EqualTo([nameof(ForgetfulHandler)]));

    [Test]
    public void Stores_ThatTakeAnActor_WriteTheAuditLog()
    {
        Assert.That(Audited(Product.WrittenTypes(Product.Infrastructure), typeof(Actor)).Count(), Is.GreaterThanOrEqualTo(8));
        Assert.That(Unwritten(Product.WrittenTypes(Product.Infrastructure)), Is.Empty);
    }

    [Test]
    public void Rule_ForAStoreThatIgnoresTheActor_NamesIt() =>
        Assert.That(Unwritten([typeof(ForgetfulStore)]), Is.EqualTo(["ForgetfulStore.RenameAsync"]));

    [Test]
    public void AuditLog_IsOnly_AddedTo() => Assert.That(Rewriting(Product.Sources("src")), Is.Empty);

    [TestCase("src/Infrastructure/Persistence/Stores/Wrong.cs", "await context.AdminActions.AnyAsync();", true)]
    [TestCase("src/Infrastructure/Archive/Wrong.cs", "\"DELETE FROM admin_actions\"", true)]
    [TestCase("src/Infrastructure/Persistence/Audit/Wrong.cs", "context.AdminActions.ExecuteDeleteAsync();", true)]
    [TestCase("src/Infrastructure/Persistence/Audit/Wrong.cs", "context.AdminActions.Remove(row);", true)]
    [TestCase("src/Infrastructure/Persistence/Audit/Wrong.cs", "context.Entry(row).Property(each => each.After).CurrentValue = text;", true)]
    [TestCase("src/Infrastructure/Persistence/Audit/AuditErasure.cs", "context.Entry(row).Property(each => each.After).CurrentValue = text;", false)]
    [TestCase("src/Infrastructure/Persistence/Audit/AuditErasure.cs", "context.AdminActions.ExecuteDeleteAsync();", true)]
    [TestCase("src/Infrastructure/Persistence/Audit/Right.cs", "context.AdminActions.Add(row);", false)]
    [TestCase("src/Infrastructure/Persistence/Stores/Right.cs", "new(AdminActions.CreateUser)", false)]
    public void Rule_ForCodeThatRewritesTheLog_NamesIt(string path, string text, bool isNamed) =>
        Assert.That(Rewriting([new(path, text)]), Is.EqualTo(isNamed ? [path] : Array.Empty<string>()));

    private static IEnumerable<MethodInfo> Changing(IEnumerable<Type> controllers) =>
        from controller in controllers
        where controller.GetCustomAttribute<RouteAttribute>()?.Template.StartsWith("api/v1/admin", StringComparison.Ordinal) == true
        from action in controller.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
        where action.GetCustomAttributes<HttpMethodAttribute>().SelectMany(each => each.HttpMethods).Any(verb => verb != "GET")
        select action;

    private static List<string> WithoutAChange(IEnumerable<Type> controllers)
    {
        using var calls = new CallGraph();
        return
        [
            .. from action in Changing(controllers)
               let commands = calls.Created(action).Select(FindCommand).OfType<Type>().ToList()
               where commands.Count == 0 || !commands.TrueForAll(command => ChangesNothing.Contains(command.FullName) || IsChange(command))
               select $"{action.DeclaringType!.Name}.{action.Name}",
        ];
    }

    private static Type? FindCommand(string name) =>
        new[] { Product.Application, typeof(AuditTests).Assembly }.Select(each => each.GetType(name.Replace('/', '+')))
            .FirstOrDefault(type => type?.IsAssignableTo(typeof(IBaseRequest)) == true);

    private static bool IsChange(Type command) =>
        command.GetInterfaces().Any(each => each.IsGenericType && each.GetGenericTypeDefinition() == AdministrativeChange);

    private static bool IsHandlerOfAChange(Type type) => !type.IsAbstract && type.GetInterfaces().Any(each =>
        each.IsGenericType && each.GetGenericTypeDefinition() == typeof(IRequestHandler<,>) && IsChange(each.GenericTypeArguments[0]));

    private static List<string> WithoutAnActor(IEnumerable<Type> handlers)
    {
        using var calls = new CallGraph();
        return [.. handlers.Where(handler => !WithParts(handler).Any(type => calls.CallsPortWith(type, typeof(Actor)))).Select(handler => handler.Name)];
    }

    /// <summary>A class, and the classes of its assembly that it is given.</summary>
    private static IEnumerable<Type> WithParts(Type type) => type.GetConstructors().SelectMany(each => each.GetParameters())
        .Select(parameter => parameter.ParameterType)
        .Where(part => part.IsClass && part.Assembly == type.Assembly)
        .SelectMany(WithParts).Prepend(type);

    private static IEnumerable<MethodInfo> Audited(IEnumerable<Type> types, Type parameter) =>
        from type in types
        where type is { IsClass: true, IsAbstract: false }
        from port in type.GetInterfaces()
        where !port.IsGenericType && port.GetMethods().Any(method => Takes(method, parameter))
        let map = type.GetInterfaceMap(port)
        from pair in map.InterfaceMethods.Zip(map.TargetMethods)
        where Takes(pair.First, parameter)
        select pair.Second;

    private static bool Takes(MethodInfo method, Type type) => method.GetParameters().Any(parameter => parameter.ParameterType == type);

    private static List<string> Unwritten(IEnumerable<Type> types)
    {
        using var calls = new CallGraph();
        return
        [
            .. Audited(types, typeof(Actor))
                .Where(method => calls.Count(method, AuditTrail, "ChangeAsync") + calls.Count(method, AuditTrail, "AppendAsync") == 0)
                .Select(method => $"{method.DeclaringType!.Name}.{method.Name}"),
        ];
    }

    private static IEnumerable<string> Rewriting(IEnumerable<SourceFile> files) =>
        from file in files
        let isAudit = file.Path.StartsWith("src/Infrastructure/Persistence/Audit/", StringComparison.Ordinal)
        let isChanged = file.Text.Contains("CurrentValue = ", StringComparison.Ordinal) && !file.Path.EndsWith("/AuditErasure.cs", StringComparison.Ordinal)
        where isAudit ? isChanged || Rewrite().IsMatch(file.Text) : Use().IsMatch(file.Text)
        select file.Path;

    [GeneratedRegex(@"\.AdminActions\b|admin_actions")]
    private static partial Regex Use();

    [GeneratedRegex(@"ExecuteDelete|ExecuteUpdate|ExecuteSql|\.Remove(Range)?\(|\.Update(Range)?\(|\bDELETE\b|\bUPDATE\b")]
    private static partial Regex Rewrite();

    private interface IWrongStore
    {
        Task RenameAsync(string name, Actor by);
    }

    private sealed record Order : IRequest;

    [Route("api/v1/admin/wrong")]
    private sealed class WrongController(IMediator mediator) : ControllerBase
    {
        [HttpPost]
        public Task<Unit> Create() => mediator.Send(new Order());

        [HttpGet]
        public Task<Unit> List() => mediator.Send(new Order());
    }

    private sealed class ForgetfulHandler(ILedger ledger) : AsyncRequestHandler<Order>
    {
        protected override Task Handle(Order request, CancellationToken cancellationToken) => ledger.FlushAsync();
    }

    private sealed class MindfulHandler(IWrongStore store) : AsyncRequestHandler<Order>
    {
        protected override async Task Handle(Order request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            await store.RenameAsync("new", Actor.Operator);
        }
    }

    private sealed class Part(IWrongStore store)
    {
        public Task RunAsync() => store.RenameAsync("new", Actor.Operator);
    }

    private sealed class DelegatingHandler(Part part) : AsyncRequestHandler<Order>
    {
        protected override Task Handle(Order request, CancellationToken cancellationToken) => part.RunAsync();
    }

    private sealed class ForgetfulStore : IWrongStore
    {
        public Task RenameAsync(string name, Actor by) => Task.CompletedTask;
    }
}
