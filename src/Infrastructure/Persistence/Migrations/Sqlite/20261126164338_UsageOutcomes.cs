using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiGateway.Infrastructure.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class UsageOutcomes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "answered",
                table: "usage_day_sums",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "errors",
                table: "usage_day_sums",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "latency_ms",
                table: "usage_day_sums",
                type: "INTEGER",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "answered",
                table: "usage_day_sums");

            migrationBuilder.DropColumn(
                name: "errors",
                table: "usage_day_sums");

            migrationBuilder.DropColumn(
                name: "latency_ms",
                table: "usage_day_sums");
        }
    }
}
