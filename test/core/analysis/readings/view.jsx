// What stands in elements of JSX runs like anything else.
const App = ({ name, children }) => <div title={show("title")} {...show("spread")}>{show(name)}{children}<Inner.Part a="b" on={() => show("handler")} /></div>;
show(<App name="n">{show("child")}text</App>, <></>, App({ name: "called" }));
