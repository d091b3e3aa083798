/**
 * A run for people to look at. {@link io.flotilla.chaos.report.FigureReader} reads the history once and keeps {@link
 * io.flotilla.chaos.report.RunFigures} of it, in memory that does not grow with the number of operations; {@link
 * io.flotilla.chaos.report.HtmlReport} draws them as one page that needs nothing else, and {@link
 * io.flotilla.chaos.report.FiguresMarkdown} puts them down as tables, to be kept when the history is not.
 *
 * <p>Whatever comes out of a history may come from a broker's log or a client's error, so it is escaped where it is
 * written: {@link io.flotilla.chaos.report.Markup} is the only way into the page.
 */
@NullMarked
package io.flotilla.chaos.report;

import org.jspecify.annotations.NullMarked;
